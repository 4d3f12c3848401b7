// Text that only this machine has, because its call has left the screen before the server had every letter.

import { h, keyed, show, text } from "../dom.js";
import { discardLeft } from "../left.js";
import { valueOf } from "../body.js";
import { maybe, t } from "../texts.js";
import { moment } from "../time.js";
import { View } from "./parts.js";

/** Field by field, as far as there are words in it. */
function words({ body, touched }) {
  const typed = Object.keys(touched).map((name) => [name, valueOf(body, name)]);
  return typed
    .filter(([, value]) => typeof value === "string" && value.trim())
    .map(([name, value]) => `${maybe(`note.${name}`) ?? name.replace("fields.", "")}: ${value}`);
}

customElements.define(
  "desk-left",
  class extends View {
    build(desk) {
      this.desk = desk;
      this.list = h("ul", { class: "plain" });
      this.append(h("h2", { class: "label" }, t("left.title")), h("p", { class: "muted" }, t("left.more")), this.list);
    }

    update(desk) {
      const left = desk.left.filter((kept) => words(kept).length);
      show(this, left.length);
      keyed(this.list, left, (kept) => `${kept.call} ${kept.at}`, (kept) => makeRow(desk, kept), updateRow);
    }
  },
);

function makeRow(desk, { call }) {
  const head = h("p", { class: "label" });
  const body = h("p", { class: "left-words" });
  const off = h("button", { type: "button", class: "button is-quiet", onclick: () => discardLeft(desk, call) }, t("left.discard"));
  return Object.assign(h("li", {}, head, body, off), { head, body });
}

function updateRow(row, kept) {
  text(row.head, t("left.of", { company: kept.company || t("company.unassigned"), at: moment(kept.at) }));
  text(row.body, words(kept).join("\n"));
}
