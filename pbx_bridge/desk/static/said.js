// When the greeting has been said and gives way to one line: never before there was time to say it.

import { serverNow } from "../web/ticking.js";

const WORDS_A_SECOND = 3; // as somebody says it who says it a hundred times a day
const AT_LEAST = 3; // seconds; a hand at the receiver and one at the key
const UNPRESSED = 3; // seconds more while no key says that the conversation has begun

/** Seconds from the first word on until this sentence folds; `acted`: a key was pressed meanwhile. Pure. */
export function foldsAfter(sentence, acted) {
  const words = sentence.trim().split(/\s+/).length;
  return Math.max(AT_LEAST, words / WORDS_A_SECOND) + (acted ? 0 : UNPRESSED);
}

/** Of every call, whether its greeting is folded; `changed()` is called when the time has come. */
export class Said {
  #calls = new Map(); // call → { acted, folded, byHand }
  #timer = null;
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  /** A key or a click while somebody talks: the next thing has begun. */
  acted(open) {
    if (open?.view.phase === "talking") this.#of(open).acted = true;
  }

  /** There is a greeting that may be opened and closed. */
  folds(open) {
    return ["talking", "putting_through"].includes(open?.view.phase);
  }

  /** Opened and closed by hand, it stays so. */
  turn(open) {
    this.#of(open).byHand = !this.isFolded(open);
  }

  /** While a put-through runs nothing moves: it is as it was. */
  isFolded(open) {
    if (!this.folds(open)) return false;
    const call = this.#of(open);
    if (call.byHand !== null) return call.byHand;
    if (!call.folded && open.view.phase === "talking") call.folded = this.#isDue(open, call.acted);
    return call.folded;
  }

  forget(call) {
    this.#calls.delete(call);
  }

  #isDue({ pop, view }, acted) {
    const left = Date.parse(view.answered_at ?? view.since) + 1000 * foldsAfter(pop.greeting, acted) - serverNow();
    clearTimeout(this.#timer);
    if (left > 0) this.#timer = setTimeout(this.#changed, left);
    return left <= 0;
  }

  #of({ view: { call } }) {
    if (!this.#calls.has(call)) this.#calls.set(call, { acted: false, folded: false, byHand: null });
    return this.#calls.get(call);
  }
}

/** Whoever goes on has said it. */
export function followHands(desk) {
  const acted = (event) => {
    if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    desk.said.acted(desk.current);
    desk.changed();
  };
  for (const moved of ["keydown", "pointerdown"]) document.addEventListener(moved, acted, { capture: true });
}
