// The bubbles, keyed by seq. Text from people and models only ever becomes a text node.

import { t } from "./words.js";

const NEAR_PIXELS = 80;
const STARTS_QUESTION = new Set(["greet", "ask"]);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export class Transcript {
  /** `language` is the interview's, for the bubbles' `lang`. */
  constructor(log, list, newest, language) {
    this.log = log;
    this.list = list;
    this.newest = newest;
    this.language = language;
    this.lines = new Map();
    this.waiting = null;
    this.pinned = true;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    newest.addEventListener("click", () => this.toNewest());
    new ResizeObserver(() => this.follow()).observe(list);
    new ResizeObserver(() => this.follow()).observe(log);
  }

  get lastSeq() {
    return Math.max(0, ...this.lines.keys());
  }

  /** Whether the interviewer has said anything yet, and whether it is speaking now. */
  get begun() {
    return this.lines.size > 0;
  }

  get speaking() {
    return [...this.lines.values()].some((line) => !line.final);
  }

  /** A piece of an utterance that is being streamed; `offset` counts code points, 0 starts it again. */
  delta({ seq, offset, text }) {
    const line = this.lines.get(seq) ?? this.#add(seq, "interviewer", "");
    if (line.final || offset > line.points) return;
    if (offset === line.points) {
      line.bubble.firstChild.appendData(text);
    } else {
      line.bubble.firstChild.data = [...line.bubble.textContent].slice(0, offset).join("") + text;
    }
    line.points = offset + [...text].length;
  }

  /** A finished line. Returns whether it was not there before. */
  message({ seq, speaker, kind, text }) {
    if (speaker === "candidate" && !this.lines.has(seq)) this.#adopt(seq, text);
    const line = this.lines.get(seq) ?? this.#add(seq, speaker, kind);
    const fresh = !line.final;
    if (fresh) {
      line.bubble.firstChild.data = text;
      line.points = [...text].length;
      line.final = true;
      line.kind = kind;
      if (speaker === "interviewer") this.#label();
    }
    return fresh;
  }

  /** A reply that has not arrived yet; `retry`, `edit` and `copy(button)` belong to its buttons. */
  showWaiting(item, actions) {
    this.dropWaiting();
    const { root, bubble } = this.#line("candidate");
    bubble.firstChild.data = item.reply.text;
    root.classList.add("waiting");
    const state = element("span");
    const delivery = element("div", "delivery");
    const buttons = {};
    delivery.append(state);
    const labels = { retry: t("chat.retry"), edit: t("chat.edit"), copy: t("chat.copy") };
    for (const [name, label] of Object.entries(labels)) {
      const button = element("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => actions[name](button));
      delivery.append(button);
      buttons[name] = button;
    }
    root.append(delivery);
    this.list.append(root);
    this.waiting = { root, item, state, buttons };
    this.sending();
    this.toNewest();
  }

  sending() {
    if (!this.waiting) return;
    const { root, state, buttons } = this.waiting;
    root.classList.remove("failed");
    state.textContent = t("chat.sending");
    for (const button of Object.values(buttons)) button.hidden = true;
  }

  /** Says why it has not arrived; `offered` names the buttons that make sense. */
  failed(explanation, offered) {
    if (!this.waiting) return;
    const { root, state, buttons } = this.waiting;
    root.classList.add("failed");
    state.textContent = [t("chat.undelivered"), explanation].filter(Boolean).join(" · ");
    for (const [name, button] of Object.entries(buttons)) button.hidden = !offered.includes(name);
    this.follow();
  }

  /** The server has it; its own line takes over as soon as it comes. */
  accepted() {
    if (!this.waiting) return;
    this.waiting.root.classList.remove("waiting", "failed");
    this.waiting.root.querySelector(".delivery").hidden = true;
  }

  dropWaiting() {
    this.waiting?.root.remove();
    this.waiting = null;
  }

  toNewest() {
    this.pinned = true;
    this.follow();
  }

  /** Keeps the newest line in view unless the reader scrolled up. */
  follow() {
    if (this.pinned) this.log.scrollTop = this.log.scrollHeight;
    this.newest.hidden = this.pinned;
  }

  #scrolled() {
    this.pinned = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_PIXELS;
    if (this.pinned) this.newest.hidden = true;
  }

  /** A waiting reply that turned up in the transcript needs no bubble of its own. */
  #adopt(seq, text) {
    const item = this.waiting?.item;
    if (item && seq > item.after && (item.accepted || item.reply.text === text)) this.dropWaiting();
  }

  #line(speaker) {
    const root = element("li", `line ${speaker}`);
    const candidate = speaker === "candidate";
    const name = element("span", candidate ? "sr-only" : "above", t(`chat.${candidate ? "you" : "interviewer"}`));
    const bubble = element("div", "bubble");
    bubble.lang = this.language;
    bubble.append(document.createTextNode(""));
    root.append(name, bubble);
    return { root, name, bubble };
  }

  #add(seq, speaker, kind) {
    const line = { ...this.#line(speaker), kind, points: 0, final: false };
    const later = [...this.lines].filter(([other]) => other > seq).sort(([a], [b]) => a - b)[0];
    this.list.insertBefore(line.root, later ? later[1].root : (this.waiting?.root ?? null));
    this.lines.set(seq, line);
    return line;
  }

  /** Says beside the interviewer's name which question a line asks, or that it follows up. */
  #label() {
    let number = 0;
    for (const [, line] of [...this.lines].sort(([a], [b]) => a - b)) {
      const asks = STARTS_QUESTION.has(line.kind);
      if (asks) number += 1;
      if (!asks && line.kind !== "follow_up") continue;
      line.tag ??= line.name.appendChild(element("span", asks ? "tag tag-accent" : "tag"));
      line.tag.textContent = asks ? t("chat.question_mark", { number }) : t("chat.follow_up");
    }
  }
}
