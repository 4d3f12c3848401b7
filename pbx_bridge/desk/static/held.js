// A call that the server has closed in mid-word: the form stays under the fingers until the last letters have arrived, for they
// bring the call, or its note, back on the screen.

const LATER = new Set(["offline", "outcome_unknown", "storage_down", "overloaded", "internal", "draft_outdated"]); // sent again

const closed = (open) => ({
  ...open,
  view: { ...open.view, phase: "ended", put_through: null, may: [] },
});

export class Held {
  #calls = new Set();
  #isAhead;

  /** `isAhead(call)`: letters were typed here of which the server does not know. */
  constructor(isAhead) {
    this.#isAhead = isAhead;
  }

  has(call) {
    return this.#calls.has(call);
  }

  /** The picture after `event`, with the calls in which somebody still writes; `final`: not any longer. */
  fold(picture, before, event) {
    if (event.type === "offer") this.#calls.delete(event.view.call);
    if (event.type !== "call_closed" && event.type !== "snapshot") return picture;
    const shown = new Set(picture.calls.map((open) => open.view.call));
    for (const call of shown) if (event.type === "snapshot") this.#calls.delete(call);
    const left = before.calls.filter(({ view }) => !shown.has(view.call) && !event.final && this.#isAhead(view.call));
    for (const { view } of left) this.#calls.add(view.call);
    return left.length ? { ...picture, calls: [...picture.calls, ...left.map(closed)] } : picture;
  }

  /** Whether nothing more will come of it: all letters are there, or they are refused for good. */
  isOver(call, answer, state) {
    if (!this.#calls.has(call) || LATER.has(answer.code)) return false;
    const there = answer.ok || answer.code === "already_noted";
    if (there && state !== "kept") return false;
    return this.#calls.delete(call);
  }
}
