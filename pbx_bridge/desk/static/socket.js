// The wire: connects, resumes by epoch and number, backs off, and refuses commands while it is down.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 1500; // whoever comes back finds the screen within two seconds
const ANSWER_WITHIN = 6000;
const LOGGED_OUT = new Set([4001, 4003]);
const TOO_SLOW = 4008;

/** Made here so that the same command is known again; no crypto.randomUUID, which plain http in a house network lacks. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Events: "hello" (detail: message), "event" (detail: event), "up", "down", "leave" (the log-in is over). */
export class DeskSocket extends EventTarget {
  #path;
  #socket = null;
  #epoch = "";
  #seq = 0;
  #pause = FIRST_PAUSE;
  #retry = null;
  #waiting = new Map();
  #awaitsSnapshot = false;
  up = false;

  constructor(path) {
    super();
    this.#path = path;
  }

  connect() {
    clearTimeout(this.#retry);
    const url = new URL(this.#path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.#epoch) url.search = new URLSearchParams({ epoch: this.#epoch, seq: this.#seq }).toString();
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onmessage = (message) => socket === this.#socket && this.#receive(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
  }

  /** At once instead of after the pause: the network or the person is back. */
  hurry() {
    if (this.up || this.#socket?.readyState === WebSocket.CONNECTING) return;
    this.#pause = FIRST_PAUSE;
    this.connect();
  }

  /**
   * The answer to a command. While down: refused at once with "offline", never sent later.
   * Cut or silent before the answer: "outcome_unknown"; it may have been done, and it is not sent again.
   */
  send(command) {
    const id = command.id ?? newId();
    if (!this.up) return Promise.resolve({ ok: false, code: "offline", params: {}, fields: {} });
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#drop(), ANSWER_WITHIN);
      this.#waiting.set(id, { resolve, late });
      this.#socket.send(JSON.stringify({ ...command, id }));
    });
  }

  #receive(message) {
    if (message.type === "hello") this.#hello(message);
    else if (message.type === "answer") this.#answer(message);
    else this.#numbered(message);
  }

  #hello(message) {
    this.#awaitsSnapshot = !message.resumed;
    if (!message.resumed) this.#epoch = message.epoch;
    this.#pause = FIRST_PAUSE;
    this.up = true;
    this.#tell("hello", message);
    if (message.resumed) this.#tell("up");
  }

  #numbered({ seq, event }) {
    if (event.type === "snapshot") {
      this.#seq = seq;
      this.#tell("event", event);
      if (this.#awaitsSnapshot) this.#tell("up");
      this.#awaitsSnapshot = false;
    } else if (!this.#awaitsSnapshot && seq === this.#seq + 1) {
      this.#seq = seq;
      this.#tell("event", event);
    } else if (!this.#awaitsSnapshot && seq > this.#seq) {
      this.#awaitsSnapshot = true;
      this.send({ type: "resync" });
    }
  }

  #answer(message) {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.late);
    waiting.resolve(message);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#closed(TOO_SLOW);
  }

  #closed(code) {
    this.up = false;
    for (const { resolve, late } of this.#waiting.values()) {
      clearTimeout(late);
      resolve({ ok: false, code: "outcome_unknown", params: {}, fields: {} });
    }
    this.#waiting.clear();
    if (LOGGED_OUT.has(code)) return this.#tell("leave");
    this.#tell("down");
    const pause = code === TOO_SLOW ? 0 : this.#pause * (0.75 + Math.random() / 2);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    this.#retry = setTimeout(() => this.connect(), pause);
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
