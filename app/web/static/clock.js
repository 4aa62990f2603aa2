// Time on the chat page. How much is used the server says now and then; in between the page counts on.

const MINUTE_MS = 60_000;
const WARN_MINUTES = 5;
const WARN_SHARE = 0.25;
// Sooner, a double click on "send" would hit "stop", and a short cut would look like an alarm.
const A_WHILE_MS = 1500;

export class Clock {
  constructor() {
    this.minutes = null;
    this.heard = 0;
    this.running = false;
  }

  /** What the server said: `minutes` used and of how many; it stands still unless `running`. */
  adopt(minutes, running) {
    if (minutes) Object.assign(this, { minutes, running, heard: Date.now() });
  }

  /** Whole minutes used, at most all. */
  get used() {
    const since = this.running ? (Date.now() - this.heard) / MINUTE_MS : 0;
    return Math.min(Math.floor(this.minutes.used + since), this.minutes.of);
  }

  /** Whole minutes left once they are few, 0 when time is up, null while there are plenty. */
  get scarce() {
    if (!this.minutes) return null;
    const left = this.minutes.of - this.used;
    return left <= Math.min(WARN_MINUTES, this.minutes.of * WARN_SHARE) ? left : null;
  }
}

/** Notices what lasts: `since(on)` tells whether it has been on for a while, and calls `again` when it has. */
export class Lasting {
  constructor(again) {
    this.again = again;
    this.began = null;
  }

  since(on) {
    if (on && this.began === null) setTimeout(this.again, A_WHILE_MS);
    this.began = on ? (this.began ?? Date.now()) : null;
    return on && Date.now() - this.began >= A_WHILE_MS;
  }
}
