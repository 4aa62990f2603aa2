// Reading aloud and dictation, where the browser has them; both are off until someone asks for them.

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
const primary = (language) => language.toLowerCase().split(/[-_]/)[0];

export class ReadingAloud {
  /** `box` is a check box, shown once there is a voice; `changed` is called when it begins or ends to speak. */
  constructor(box, language, changed) {
    Object.assign(this, { box, language, changed });
    if (!globalThis.speechSynthesis) return;
    this.#look();
    speechSynthesis.addEventListener?.("voiceschanged", () => this.#look());
    box.addEventListener("change", () => box.checked || this.stop());
    addEventListener("pagehide", () => this.stop());
  }

  get speaking() {
    return Boolean(this.utterance);
  }

  /** Speaks `text` after what it is still speaking, if asked for. */
  say(text) {
    if (!this.box.checked || !this.voice) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = this.voice;
    utterance.lang = this.voice.lang;
    utterance.onend = utterance.onerror = () => this.#over(utterance);
    this.utterance = utterance;
    speechSynthesis.speak(utterance);
    this.changed();
  }

  stop() {
    if (!this.utterance) return;
    this.utterance = null;
    speechSynthesis.cancel();
    this.changed();
  }

  // Only voices of this device: others would send the words to their maker.
  #look() {
    const fits = (voice) => voice.localService && primary(voice.lang) === primary(this.language);
    this.voice = speechSynthesis.getVoices().find(fits);
    this.box.closest("label").hidden = !this.voice;
  }

  #over(utterance) {
    if (this.utterance !== utterance) return;
    this.utterance = null;
    this.changed();
  }
}

/** Lets `button` turn dictation on and off: `heard(text)` for what was said, `changed(on)` for the rest. */
export function offerDictation(button, language, { heard, changed }) {
  if (!Recognition || !isSecureContext) return;
  let recognition = null;
  const show = (on) => {
    button.setAttribute("aria-pressed", String(on));
    changed(on);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (recognition) {
      recognition.stop();
      return;
    }
    recognition = Object.assign(new Recognition(), { lang: language, continuous: true });
    recognition.onresult = ({ results, resultIndex }) => {
      for (const result of [...results].slice(resultIndex)) if (result.isFinal) heard(result[0].transcript);
    };
    recognition.onend = () => {
      recognition = null;
      show(false);
    };
    recognition.start();
    show(true);
  });
}
