// Whether the other side is still there: a socket that says nothing for too long is dead, whatever the browser believes.

import { serverNow } from "./ticking.js";

const LOOK_MS = 1000;
const GRACE_MS = 1000; // a message on its way, or one that waits behind a long task

/** Two signs of life may be missing, not more; counted by a clock that nobody sets. */
export class Heartbeat {
  #dead;
  #limit = Infinity;
  #last = performance.now();
  #suspect = false;
  #timer = null;

  /** `dead()` is called once when nothing was heard for too long. */
  constructor(dead) {
    this.#dead = dead;
  }

  /** From now on something comes at least every `seconds`. */
  expect(seconds) {
    this.heard();
    this.#limit = seconds > 0 ? seconds * 2000 + GRACE_MS : Infinity;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  heard() {
    this.#last = performance.now();
    this.#suspect = false;
  }

  /** For how long nothing was heard, in ms. */
  get silence() {
    return performance.now() - this.#last;
  }

  /** When something was heard last, on the server's clock (ISO 8601). */
  get lastHeard() {
    return new Date(serverNow() - this.silence).toISOString();
  }

  /** Twice in two turns: after a long sleep what has come meanwhile is heard first. */
  look() {
    if (this.silence < this.#limit) return;
    if (this.#suspect) return this.stop(), this.#dead();
    this.#suspect = true;
    setTimeout(() => this.#suspect && this.look(), GRACE_MS / 4);
  }

  stop() {
    clearInterval(this.#timer);
    this.#suspect = false;
    this.#limit = Infinity;
  }
}

/** What the browser itself knows: `gone()` when it has no network, `back()` when it has one again or is looked at again. */
export function followNetwork({ gone, back }) {
  window.addEventListener("offline", gone);
  window.addEventListener("online", back);
  document.addEventListener("visibilitychange", () => document.hidden || back());
}
