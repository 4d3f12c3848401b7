// The wire: connects, resumes by epoch and number, notices when it is dead, backs off, and refuses commands while it is down.

import { Heartbeat } from "../web/heartbeat.js";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 1500; // whoever comes back finds the screen within two seconds
const OPEN_WITHIN = 5000; // a dead network takes a connection and never answers
const ANSWER_WITHIN = 6000;
const LOGGED_OUT = new Set([4001, 4003]);
const TOO_SLOW = 4008;
const LONGEST_ID = 64;

const failed = (code) => ({ ok: false, code, params: {}, fields: {} });

/** Made here so that the same command is known again; no crypto.randomUUID, which plain http in a house network lacks. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Events: "hello" (detail: message), "event" (detail: event), "up", "down" (detail: since when nothing was heard), "leave" (the
 * log-in is over).
 */
export class DeskSocket extends EventTarget {
  #path;
  #socket = null;
  #epoch = "";
  #seq = 0;
  #pause = FIRST_PAUSE;
  #retry = null;
  #opening = null;
  #waiting = new Map(); // command id → { resolve, promise, late }
  #awaitsSnapshot = false;
  #heartbeat = new Heartbeat(() => this.drop());
  up = false;

  constructor(path) {
    super();
    this.#path = path;
  }

  connect() {
    clearTimeout(this.#retry);
    clearTimeout(this.#opening);
    const url = new URL(this.#path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.#epoch) url.search = new URLSearchParams({ epoch: this.#epoch, seq: this.#seq }).toString();
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#opening = setTimeout(() => this.drop(), OPEN_WITHIN);
    socket.onmessage = (message) => socket === this.#socket && this.#receive(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
  }

  /** At once instead of after the pause: the network or the person is back. */
  hurry() {
    if (this.up) return this.#heartbeat.look();
    if (this.#socket?.readyState === WebSocket.CONNECTING) return;
    this.#pause = FIRST_PAUSE;
    this.connect();
  }

  /** As if it were cut: nobody is there any more, whatever the browser believes. */
  drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#closed(TOO_SLOW);
  }

  /**
   * The answer to a command. While down: refused at once with "offline", never sent later.
   * Cut before the answer: "outcome_unknown"; it may have been done, and it is not sent again. Silent although the server is
   * there: "no_answer", the same. `patient`: waits as long as the server is there. The same id asked again hears the same answer.
   */
  send(command, { patient = false } = {}) {
    const id = command.id ?? newId();
    if (!id || id.length > LONGEST_ID) throw new RangeError("a command's id has 1 to 64 letters");
    if (!this.up) return Promise.resolve(failed("offline"));
    if (this.#waiting.has(id)) return this.#answerOf(id, patient);
    const waiting = {};
    waiting.promise = new Promise((resolve) => (waiting.resolve = resolve));
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ ...command, id }));
    return this.#answerOf(id, patient);
  }

  /** However the server finds it: heard of by whoever is patient, for the others it is late after a while. */
  #answerOf(id, patient) {
    const { promise } = this.#waiting.get(id);
    const late = new Promise((resolve) => {
      const timer = setTimeout(() => this.#late(id, () => !patient && resolve(failed("no_answer"))), ANSWER_WITHIN);
      promise.then(() => clearTimeout(timer));
    });
    return Promise.race([promise, late]);
  }

  #late(id, giveUp) {
    if (!this.#waiting.has(id)) return;
    if (this.#heartbeat.silence >= ANSWER_WITHIN) this.drop();
    else giveUp();
  }

  #receive(message) {
    this.#heartbeat.heard();
    if (message.type === "hello") this.#hello(message);
    else if (message.type === "answer") this.#answer(message);
    else if (message.type === "beat") this.#beat(message);
    else this.#numbered(message);
  }

  #hello(message) {
    clearTimeout(this.#opening);
    this.#heartbeat.expect(message.beat_seconds);
    this.#awaitsSnapshot = !message.resumed;
    if (!message.resumed) this.#epoch = message.epoch;
    this.#pause = FIRST_PAUSE;
    this.up = true;
    this.#tell("hello", message);
    if (message.resumed) this.#tell("up");
  }

  /** All is well, and nothing is missing. */
  #beat(message) {
    this.#tell("beat", message);
    if (!this.#awaitsSnapshot && message.seq !== this.#seq) this.#resync();
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
    } else if (!this.#awaitsSnapshot && seq > this.#seq) this.#resync();
  }

  #resync() {
    this.#awaitsSnapshot = true;
    this.send({ type: "resync" });
  }

  #answer(message) {
    this.#waiting.get(message.id)?.resolve(message);
    this.#waiting.delete(message.id);
  }

  #closed(code) {
    this.up = false;
    clearTimeout(this.#opening);
    const since = this.#heartbeat.lastHeard;
    this.#heartbeat.stop();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { resolve } of waiting) resolve(failed("outcome_unknown"));
    if (LOGGED_OUT.has(code)) return this.#tell("leave");
    this.#tell("down", since);
    const pause = code === TOO_SLOW ? 0 : this.#pause * (0.75 + Math.random() / 2);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), pause);
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
