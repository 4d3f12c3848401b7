// Durations that tick on the server's clock, whatever this machine's own says.

let offset = 0; // server minus this machine, in ms

export function setServerTime(iso) {
  offset = Date.parse(iso) - Date.now();
}

export const serverNow = () => Date.now() + offset;

/** "0:07", "12:30", "1:02:30"; never negative. */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const ticking = new Set();
let timer = null;

function tick() {
  for (const node of ticking) node.tick();
  timer = ticking.size ? setTimeout(tick, 1000 - (serverNow() % 1000) + 5) : null;
}

/** Counts up from `since`, or down to `until`; the words around it stand elsewhere. Each room gives it a name of its own. */
export class Timer extends HTMLElement {
  #since = null;
  #until = null;

  connectedCallback() {
    ticking.add(this);
    timer ??= setTimeout(tick, 250);
  }

  disconnectedCallback() {
    ticking.delete(this);
  }

  set(since, end = null) {
    this.#since = since ? Date.parse(since) : null;
    this.#until = end ? Date.parse(end) : null;
    this.tick();
  }

  tick() {
    const ms = this.#until !== null ? this.#until - serverNow() : serverNow() - this.#since;
    const text = this.#since === null && this.#until === null ? "" : duration(ms);
    if (this.textContent !== text) this.textContent = text;
  }
}
