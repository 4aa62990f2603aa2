// One reply on its way to the server. It keeps its client_turn_id through retries, reloads and crashes,
// so that however often it is sent it is answered once. It is forgotten when the transcript shows it.

import { request, uuid } from "./net.js";

const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 30;
const TRIES_BY_ITSELF = 8;
const CONFIRMED_WITHIN_SECONDS = 6;

export class Outbox {
  /** `show` has sending, failed(problem, seconds until the next try) and accepted; `key` is its place in the browser's storage. */
  constructor({ url, key, show }) {
    Object.assign(this, { url, key, show });
    this.item = this.#stored();
    this.tries = 0;
    this.busy = false;
    this.timer = null;
    addEventListener("online", () => this.nudge());
  }

  get empty() {
    return this.item === null;
  }

  /** Takes a reply, `{text, after, …}` as the API has it, which follows the line `after`. */
  put(reply) {
    this.item = { after: reply.after, reply: { client_turn_id: uuid(), ...reply } };
    this.tries = 0;
    this.#store();
  }

  /** Takes the undelivered reply back; returns it. */
  takeBack() {
    const { reply } = this.item;
    this.arrived();
    return reply;
  }

  /** Forgets the reply: it is in the transcript. */
  arrived() {
    clearTimeout(this.timer);
    this.item = null;
    this.tries = 0;
    this.#store();
  }

  /** Tries again now, if there is anything to deliver. */
  nudge() {
    if (this.item && !this.busy) this.deliver();
  }

  async deliver() {
    const { item } = this;
    if (!item || this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    if (!item.accepted) this.show.sending();
    let problem = null;
    try {
      const response = await request(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(item.reply),
      });
      // The events come through the page's own stream; the turn goes on without this one.
      response.body?.cancel().catch(() => undefined);
    } catch (caught) {
      problem = caught;
    }
    this.busy = false;
    if (this.item !== item) return;
    if (problem === null) this.#accepted();
    else this.#failed(problem);
  }

  #accepted() {
    this.item.accepted = true;
    this.show.accepted();
    this.#again(CONFIRMED_WITHIN_SECONDS);
  }

  #failed(problem) {
    if (!("passing" in problem)) throw problem;
    this.item.accepted = false;
    this.show.failed(problem, problem.passing ? this.#again(problem.retryAfter ?? 0) : null);
  }

  /** Tries again after `seconds` or more; the seconds it waits, or null when it has given up. */
  #again(seconds) {
    if (this.tries >= TRIES_BY_ITSELF) return null;
    const wait = Math.max(Math.min(FIRST_WAIT_SECONDS * 2 ** this.tries, LONGEST_WAIT_SECONDS), seconds);
    this.tries += 1;
    this.timer = setTimeout(() => this.deliver(), wait * 1000);
    return wait;
  }

  #stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  #store() {
    try {
      if (this.item) localStorage.setItem(this.key, JSON.stringify(this.item));
      else localStorage.removeItem(this.key);
    } catch {
      // Without storage an undelivered reply lives as long as the page.
    }
  }
}
