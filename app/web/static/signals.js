// Counts how a reply comes about: how much was typed and pasted, how often the page was left. Never what was typed.

const UNNOTICED_MS = 1000;
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock"]);

const points = (text) => [...(text ?? "")].length;
const seconds = (milliseconds) => Math.round(milliseconds / 100) / 10;
const nothing = () => ({ typed: 0, pasted: 0, dictated: 0, keys: 0, pause: 0, away: 0, leaves: 0, since: Date.now() });

export class Signals {
  /** Counts what happens in `box`; survives a reload under the storage `key`. */
  constructor(box, key) {
    this.key = key;
    this.counts = this.#stored();
    this.changed = null;
    this.left = null;
    box.addEventListener("keydown", (event) => (this.counts.keys += MODIFIERS.has(event.key) ? 0 : 1));
    box.addEventListener("paste", (event) => this.#add("pasted", points(event.clipboardData?.getData("text"))));
    box.addEventListener("drop", (event) => this.#add("pasted", points(event.dataTransfer?.getData("text"))));
    box.addEventListener("compositionend", (event) => this.#add("typed", points(event.data)));
    box.addEventListener("input", (event) => this.#input(event));
    for (const name of ["blur", "focus"]) addEventListener(name, () => this.#look());
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("pagehide", () => this.#store());
  }

  /** The interviewer has spoken: a new reply begins. */
  begin() {
    this.counts = nothing();
    this.changed = null;
    this.left = this.left && Date.now();
    this.#store();
  }

  /** Text that was spoken into the box. */
  dictated(text) {
    this.#add("dictated", points(text));
  }

  /** The counts as the API takes them. */
  read() {
    const { counts } = this;
    return {
      seconds: seconds(Math.max(0, Date.now() - counts.since)),
      typed_chars: counts.typed,
      pasted_chars: counts.pasted,
      dictated_chars: counts.dictated,
      keystrokes: counts.keys,
      longest_pause_seconds: seconds(counts.pause),
      away_times: counts.leaves,
      away_seconds: seconds(counts.away),
    };
  }

  #add(name, count) {
    this.counts[name] += count;
    this.#store();
  }

  #input(event) {
    const now = Date.now();
    if (this.changed !== null) this.counts.pause = Math.max(this.counts.pause, now - this.changed);
    this.changed = now;
    if (event.inputType === "insertText" && !event.isComposing) this.counts.typed += points(event.data);
    if (event.inputType === "insertLineBreak") this.counts.typed += 1;
    this.#store();
  }

  #look() {
    const away = document.hidden || !document.hasFocus();
    if (away) this.left ??= Date.now();
    if (away || this.left === null) return;
    const gone = Date.now() - this.left;
    this.left = null;
    if (gone < UNNOTICED_MS) return;
    this.counts.leaves += 1;
    this.counts.away += gone;
    this.#store();
  }

  #stored() {
    try {
      return { ...nothing(), ...JSON.parse(localStorage.getItem(this.key)) };
    } catch {
      return nothing();
    }
  }

  #store() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.counts));
    } catch {
      // Without storage the counts live as long as the page.
    }
  }
}
