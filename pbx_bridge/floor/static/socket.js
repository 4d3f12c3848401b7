// The wire: whole pictures come in, nothing goes out; it comes back by itself with growing pauses.

import { setServerTime } from "../web/ticking.js";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8000;
const LOGGED_OUT = 4001;

/** Events: "picture" (detail: the floor), "up", "down". A version that was seen already changes nothing. */
export class FloorSocket extends EventTarget {
  #path;
  #pause = FIRST_PAUSE;
  #epoch = "";
  #version = 0;

  constructor(path) {
    super();
    this.#path = path;
  }

  connect() {
    const url = new URL(this.#path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.onmessage = (message) => this.#receive(JSON.parse(message.data));
    socket.onclose = (event) => this.#closed(event.code);
  }

  #receive(message) {
    if (message.type === "hello") {
      setServerTime(message.now);
      if (message.epoch !== this.#epoch) this.#version = 0;
      this.#epoch = message.epoch;
      return;
    }
    this.#pause = FIRST_PAUSE;
    this.#tell("up");
    if (message.version <= this.#version) return;
    this.#version = message.version;
    this.#tell("picture", message.view);
  }

  #closed(code) {
    if (code === LOGGED_OUT) return location.assign("/login");
    this.#tell("down");
    setTimeout(() => this.connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
