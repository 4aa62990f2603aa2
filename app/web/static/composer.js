// The text box: it grows, keeps a draft, counts near the limit, and never sends while an IME composes.

import { t } from "./words.js";

const WARN_BELOW = 200;
// Safari ends the composition just before it reports the Enter that ended it.
const AFTER_COMPOSING_MS = 40;
// Where there is no Enter key beside Shift, or no room to speak of them.
const BRIEF = matchMedia("(pointer: coarse), (max-width: 40rem)");
const UNWANTED = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const KEPT = new Set(["\n", "\t", "\u200d"]);

/** What the server will store of a typed text: line ends unified, invisible characters dropped, trimmed. */
export function clean(text) {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(UNWANTED, (character) => (KEPT.has(character) ? character : ""))
    .trim();
}

// A phone's keyboard covers the page without resizing it; the page shrinks to what can be seen.
visualViewport?.addEventListener("resize", () => {
  document.documentElement.style.setProperty("--visible-height", `${visualViewport.height}px`);
});

export class Composer {
  /** `send(text)` returns an explanation why it can't be sent now, or null when it was taken. */
  constructor({ form, box, button, under, maxChars, draftKey, send }) {
    Object.assign(this, { form, box, button, under, maxChars, draftKey, send });
    this.composing = false;
    this.composed = 0;
    box.addEventListener("compositionstart", () => (this.composing = true));
    box.addEventListener("compositionend", (event) => {
      this.composing = false;
      this.composed = event.timeStamp;
    });
    box.addEventListener("keydown", (event) => this.#keydown(event));
    box.addEventListener("input", () => this.#changed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    // Another window of the same interview keeps its draft in the same place.
    addEventListener("pagehide", () => this.box.value && this.#store());
    // What was typed before this script came follows what was kept from the last visit.
    box.value = [...new Set([this.#stored(), box.value])].filter(Boolean).join("\n");
    this.invitation = box.placeholder;
    this.placeholder = null;
    BRIEF.addEventListener("change", () => this.#invite());
    this.#changed();
  }

  /** What the empty box says; null: the usual invitation. */
  set placeholder(text) {
    this.instead = text;
    this.#invite();
  }

  #invite() {
    this.box.placeholder = this.instead ?? (BRIEF.matches ? t("chat.placeholder_touch") : this.invitation);
  }

  /** Puts a text back to be changed, before whatever is there already. */
  restore(text) {
    this.box.value = this.box.value ? `${text}\n${this.box.value}` : text;
    this.#changed();
    this.box.focus();
  }

  /** Adds what was said to what is written. */
  insert(text) {
    this.box.value += text;
    this.#changed();
  }

  /** Lets the text be read and copied, and no more. */
  close() {
    this.box.readOnly = true;
  }

  /** A short explanation below the box, until the text changes. */
  explain(text) {
    this.under.classList.remove("over");
    this.under.textContent = text;
  }

  #keydown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const ofTheIme =
      event.isComposing ||
      event.keyCode === 229 ||
      this.composing ||
      (this.composed > 0 && event.timeStamp - this.composed < AFTER_COMPOSING_MS);
    if (ofTheIme) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = clean(this.box.value);
    const over = [...text].length - this.maxChars;
    if (!text) return this.explain(t("problem.empty"));
    if (over > 0) return this.explain(t("chat.over", { n: over }));
    const refusal = this.send(text);
    if (refusal) return this.explain(refusal);
    this.box.value = "";
    this.box.focus();
    return this.#changed();
  }

  #changed() {
    const { box } = this;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    const left = this.maxChars - [...clean(box.value)].length;
    this.under.classList.toggle("over", left < 0);
    if (left < 0) this.under.textContent = t("chat.over", { n: -left });
    else this.under.textContent = left < WARN_BELOW ? t("chat.left", { n: left }) : "";
    this.#store();
  }

  #stored() {
    try {
      return localStorage.getItem(this.draftKey) ?? "";
    } catch {
      return "";
    }
  }

  #store() {
    try {
      if (this.box.value) localStorage.setItem(this.draftKey, this.box.value);
      else localStorage.removeItem(this.draftKey);
    } catch {
      // Without storage the draft lives as long as the page.
    }
  }
}
