// Pieces that several views share.

import { attr, h, setShape, shape, show, text } from "../dom.js";
import { capOf, keyOf } from "../keys.js";
import { t } from "../texts.js";

/** A state as it is always said: shape, word, time. */
export class StateChip {
  constructor() {
    this.icon = shape("away");
    this.word = h("span");
    this.timer = document.createElement("desk-timer");
    this.node = h("span", { class: "chip" }, this.icon, this.word, this.timer);
  }

  update(kind, word, since = null, until = null) {
    setShape(this.icon, kind);
    attr(this.node, "data-state", kind);
    text(this.word, word);
    this.timer.set(since, until);
  }
}

/** A button that does what its key does, with the key on it. */
export function keyButton(desk, id, extra = "", words = "label") {
  const entry = keyOf(id);
  const node = h(
    "button",
    {
      type: "button",
      class: `button ${entry.main ? "is-primary" : ""} ${extra}`,
      "data-act": id,
      onclick: (event) => entry.act(desk, event),
    },
    h("span", {}, t(`keys.${id}.${words}`)),
    h("kbd", {}, t(`keys.${id}.cap`)),
  );
  return node;
}

/** Shows the button exactly while its key works, with the key as it works now. */
export function updateKeyButton(node, desk) {
  const entry = keyOf(node.dataset.act);
  show(node, entry.when(desk));
  text(node.lastElementChild, capOf(entry));
  attr(node, "aria-disabled", desk.online ? null : "true");
}

/** Base of the views: built once, then only updated. */
export class View extends HTMLElement {
  #built = false;

  draw(desk) {
    if (!this.#built) {
      this.#built = true;
      this.build(desk);
    }
    this.update(desk);
  }
}

export const heading = (key) => h("h2", { class: "label" }, t(key));
