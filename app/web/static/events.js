// The stream of an interview's events, which comes back by itself however often it is cut.

const LONGEST_WAIT_MS = 15_000;
const NAMES = ["delta", "message", "state"];

export class Events {
  /** `handlers`: delta, message, state, problem (each given the event's data), opened and lost. */
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
    this.wait = 1000;
    this.source = null;
    this.stopped = false;
    addEventListener("online", () => this.reconnect());
    addEventListener("pagehide", () => this.source?.close());
    addEventListener("pageshow", (event) => event.persisted && this.reconnect());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.source?.readyState === EventSource.CLOSED) this.reconnect();
    });
  }

  open() {
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = 1000;
      this.handlers.opened();
    });
    for (const name of NAMES) {
      source.addEventListener(name, (event) => this.handlers[name](JSON.parse(event.data)));
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

  #broken(source) {
    if (this.stopped || source !== this.source) return;
    this.handlers.lost();
    // A browser retries a cut stream, but gives up where the server answered with an error.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => source === this.source && this.reconnect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }
}
