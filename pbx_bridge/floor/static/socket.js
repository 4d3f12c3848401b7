// The wire: whole pictures come in, nothing goes out; it notices when it is dead, and comes back by itself with growing pauses.

import { followNetwork, Heartbeat } from "../web/heartbeat.js";
import { setServerTime } from "../web/ticking.js";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8000;
const OPEN_WITHIN = 5000; // a dead network takes a connection and never answers
const LOGGED_OUT = 4001;

/**
 * Events: "picture" (detail: the floor), "up", "down" (detail: when something was heard last). A version that was seen already
 * changes nothing.
 */
export class FloorSocket extends EventTarget {
  #path;
  #pause = FIRST_PAUSE;
  #epoch = "";
  #version = 0;
  #socket = null;
  #opening = null;
  #retry = null;
  #up = false;
  #heartbeat = new Heartbeat(() => this.#drop());

  constructor(path) {
    super();
    this.#path = path;
    followNetwork({ gone: () => this.#drop(), back: () => this.#hurry() });
  }

  connect() {
    clearTimeout(this.#retry);
    clearTimeout(this.#opening);
    const url = new URL(this.#path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#opening = setTimeout(() => this.#drop(), OPEN_WITHIN);
    socket.onmessage = (message) => socket === this.#socket && this.#receive(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
  }

  /** At once instead of after the pause: the network or the person is back. */
  #hurry() {
    if (this.#up) return this.#heartbeat.look();
    if (this.#socket?.readyState === WebSocket.CONNECTING) return;
    this.#pause = FIRST_PAUSE;
    this.connect();
  }

  #receive(message) {
    this.#heartbeat.heard();
    if (message.now) setServerTime(message.now);
    if (message.type === "hello") return this.#hello(message);
    if (message.type !== "floor") return;
    this.#pause = FIRST_PAUSE;
    this.#up = true;
    this.#tell("up");
    if (message.version <= this.#version) return;
    this.#version = message.version;
    this.#tell("picture", message.view);
  }

  #hello(message) {
    clearTimeout(this.#opening);
    this.#heartbeat.expect(message.beat_seconds);
    if (message.epoch !== this.#epoch) this.#version = 0;
    this.#epoch = message.epoch;
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#closed();
  }

  #closed(code) {
    clearTimeout(this.#opening);
    const since = this.#heartbeat.lastHeard;
    this.#heartbeat.stop();
    this.#up = false;
    if (code === LOGGED_OUT) return location.assign("/login");
    this.#tell("down", since);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
