// The stream of an interview's events, which comes back by itself, where it stopped, however often it is cut.

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 8000;
const NAMES = ["delta", "message", "state"];

export class Events {
  /** `handlers`: delta, message, state, problem (each given the event's data), opened, and lost(refused). */
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
    this.wait = FIRST_WAIT_MS;
    this.source = null;
    this.last = "";
    this.stopped = false;
    addEventListener("online", () => this.reconnect());
    addEventListener("pagehide", () => this.source?.close());
    addEventListener("pageshow", (event) => event.persisted && this.reconnect());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.source?.readyState === EventSource.CLOSED) this.reconnect();
    });
  }

  open() {
    const source = new EventSource(this.last ? `${this.url}?after=${encodeURIComponent(this.last)}` : this.url);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = FIRST_WAIT_MS;
      this.handlers.opened();
    });
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        if (source !== this.source) return;
        this.handlers[name](JSON.parse(event.data));
        this.last = event.lastEventId || this.last;
      });
    }
    source.addEventListener("error", (event) => {
      // The server's own `error` events carry data, a broken connection carries none.
      if (event.data !== undefined) this.handlers.problem(JSON.parse(event.data));
      else this.#broken(source);
    });
  }

  /** Opens a new stream in place of the old one. */
  reconnect() {
    if (this.stopped) return;
    this.source?.close();
    this.open();
  }

  /** Ends it for good. */
  stop() {
    this.stopped = true;
    this.source?.close();
  }

  // A browser would wait for seconds before it tries again, and not at all where the server refused.
  #broken(source) {
    if (this.stopped || source !== this.source) return;
    const refused = source.readyState === EventSource.CLOSED;
    source.close();
    this.handlers.lost(refused);
    setTimeout(() => source === this.source && this.reconnect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }
}
