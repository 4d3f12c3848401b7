// Who sits here and in which state; ready and pause.

import { attr, h, keyed, setShape, shape, show, text } from "../dom.js";
import { fitsMenu, MENUS } from "../keys.js";
import { maybe, t } from "../texts.js";
import { moment } from "../time.js";
import { keyButton, StateChip, updateKeyButton, View } from "./parts.js";

const SHAPES = {
  signed_out: "away",
  ready: "talking",
  paused: "away",
  wrap_up: "waiting",
  ringing: "ringing",
  talking: "talking",
  unavailable: "failed",
};

/** Pauses that nobody asked for: what to do is said below. */
const TROUBLE = new Set(["phone_refuses", "phone_forwards"]);

customElements.define(
  "desk-me",
  class extends View {
    build(desk) {
      this.name = h("h1", { class: "me-name" });
      this.chip = new StateChip();
      this.buttons = ["ready", "pause"].map((id) => keyButton(desk, id));
      this.buttons[1].setAttribute("aria-haspopup", "menu");
      this.menu = menu(desk, "pause");
      this.after = h("p", { class: "me-after", hidden: true });
      this.append(this.name, this.chip.node, this.after, h("div", { class: "me-buttons" }, ...this.buttons, this.menu));
    }

    update(desk) {
      const { me } = desk.picture;
      text(this.name, desk.agent || this.dataset.agent);
      const reason = me.state === "paused" && me.reason ? (maybe(`pauses.${me.reason}`) ?? me.reason) : "";
      const word = reason ? t("me.paused_for", { reason }) : t(`me.${me.state}`);
      const counting = me.state === "wrap_up" && me.wrap_up_until;
      if (desk.unsure) this.chip.update("uncertain", t("me.last", { state: word }));
      else
        this.chip.update(
          SHAPES[me.state],
          word,
          counting ? null : me.since,
          counting ? me.wrap_up_until : null,
        );
      const hint = me.state === "paused" && TROUBLE.has(me.reason) ? t(`me.${me.reason}`) : "";
      show(this.after, me.after || hint);
      const next = me.after && (maybe(`pauses.${me.after}`) ?? me.after);
      text(this.after, next ? t("me.after", { reason: next }) : hint);
      for (const button of this.buttons) updateKeyButton(button, desk);
      text(this.buttons[0].firstElementChild, t(me.after ? "me.no_pause" : "keys.ready.label"));
      if (me.after) show(this.buttons[1], false);
      attr(this.buttons[1], "aria-expanded", String(desk.menu === "pause"));
      updateMenu(this.menu, desk);
    }
  },
);

/** A list of reasons, each with its digit; floats, so that nothing below it moves. */
export function menu(desk, name) {
  const { items, act } = MENUS[name];
  const buttons = items.map((item, i) =>
    h(
      "button",
      { type: "button", role: "menuitem", "data-item": item, onclick: () => act(desk, item) },
      h("kbd", {}, String(i + 1)),
      h("span", {}, t(`${name}s.${item}`)),
    ),
  );
  return h(
    "div",
    { class: "menu", role: "menu", "data-menu": name, "aria-label": t(`${name}s.title`), hidden: true },
    ...buttons,
  );
}

/** Shown or not, with those items that fit now. */
export function updateMenu(node, desk) {
  const { menu: name } = node.dataset;
  show(node, desk.menu === name);
  for (const button of node.children) show(button, fitsMenu(desk, name, button.dataset.item));
}

/** The services at the right of the footer: name, shape, and the word for those who do not see the shape. */
const SERVICE = { up: "talking", down: "failed", unknown: "uncertain", off: "away" };

export function services(node, link) {
  keyed(
    node,
    ["pbx", "mail", "sms"],
    (name) => name,
    (name) => {
      const icon = shape("uncertain");
      const word = h("span", { class: "sr-only" });
      return Object.assign(h("li", {}, t(`services.${name}`), icon, word), { icon, word });
    },
    (row, name) => {
      const since = name !== "pbx" && link[`${name}_since`];
      const word = since ? t("services.down_since", { at: moment(since) }) : t(`services.${link[name]}`);
      setShape(row.icon, SERVICE[link[name]]);
      text(row.word, word);
      attr(row, "title", `${t(`services.${name}`)}: ${word}`);
    },
  );
}
