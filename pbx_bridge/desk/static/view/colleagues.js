// Who else works here and what they do, in a word, while there is a caller: to ask them, or to hand the call to them.

import { askColleague } from "../actions.js";
import { attr, h, keyed, setShape, shape, show, text } from "../dom.js";
import { freeColleagues } from "../focus.js";
import { colleagues, isFree } from "../offered.js";
import { t } from "../texts.js";
import { heading, View } from "./parts.js";

const WITH_CALLER = new Set(["talking", "putting_through"]);
const SHAPES = {
  ready: "done",
  ringing: "ringing",
  talking: "talking",
  wrap_up: "waiting",
  paused: "away",
  unavailable: "failed",
  signed_out: "away",
};

customElements.define(
  "desk-colleagues",
  class extends View {
    build() {
      this.list = h("ul", { class: "rows", tabindex: "0", "aria-label": t("colleagues.title") });
      this.none = h("p", { class: "muted" }, t("colleagues.none"));
      this.append(heading("colleagues.title"), this.none, this.list);
      this.list.addEventListener("keydown", (event) => follow(event));
    }

    update(desk) {
      const view = desk.current?.view;
      const shown = Boolean(view && WITH_CALLER.has(view.phase) && !view.correction);
      show(this, shown);
      if (!shown) return;
      const all = colleagues(desk);
      show(this.none, !all.some(isFree));
      show(this.list, all.length);
      keyed(this.list, all, (one) => one.agent, makeRow, (row, one) => updateRow(row, one, desk));
    }
  },
);

/** Up and down from one who is free to the next, left and right between asking and handing over. */
function follow(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const row = document.activeElement?.closest("li");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const side = { ArrowRight: ".give", ArrowLeft: ".ask" }[event.key];
  const all = freeColleagues();
  const at = all.findIndex((button) => button.closest("li") === row);
  if (at < 0 || (!by && !side)) return;
  event.preventDefault();
  event.stopPropagation();
  if (side) row.querySelector(side).focus();
  else all[Math.min(all.length - 1, Math.max(0, at + by))].focus();
}

function makeRow() {
  const [icon, name, state] = [shape("away"), h("span", { class: "name" }), h("span", { class: "muted" })];
  const ask = h("button", { type: "button", class: "ask button is-quiet" }, t("colleagues.ask"));
  const give = h("button", { type: "button", class: "give button is-quiet" }, t("colleagues.give"));
  const deeds = h("span", { class: "colleague-deeds" }, ask, give);
  return Object.assign(h("li", { class: "row" }, icon, name, state, deeds), { icon, name, state, ask, give });
}

function updateRow(row, one, desk) {
  const may = isFree(one) && desk.may.has("ask_colleague");
  setShape(row.icon, SHAPES[one.state] ?? "away");
  text(row.name, one.name);
  attr(row.name, "title", one.name);
  text(row.state, t(`colleague_states.${one.state}`));
  for (const [button, words, give] of [
    [row.ask, "colleagues.ask_of", false],
    [row.give, "colleagues.give_of", true],
  ]) {
    show(button, may);
    attr(button, "aria-label", t(words, { name: one.name }));
    attr(button, "aria-disabled", desk.online ? null : "true");
    button.onclick = () => askColleague(desk, one.agent, give);
  }
}
