// The last notes of this agent, each with what became of its messages; and the day in figures.

import { attr, h, keyed, setShape, shape, show, text } from "../dom.js";
import { t } from "../texts.js";
import { moment } from "../time.js";
import { correct } from "../actions.js";
import { heading, View } from "./parts.js";

const SHAPES = {
  waiting: "waiting",
  sent: "done",
  delivered: "done",
  failed: "failed",
  uncertain: "uncertain",
  none: "failed",
};

customElements.define(
  "desk-notes",
  class extends View {
    build() {
      this.list = h("ul", { class: "rows", tabindex: "0", "aria-label": t("notes.title") });
      this.none = h("p", { class: "muted" }, t("notes.none"));
      this.append(heading("notes.title"), this.list, this.none);
    }

    update(desk) {
      const { notes } = desk.picture;
      show(this.none, !notes.length);
      keyed(
        this.list,
        notes,
        (note) => note.id,
        (note) => makeRow(() => correct(desk, note)),
        updateRow,
      );
    }
  },
);

function makeRow(open) {
  const at = h("span", { class: "figures muted" });
  const [company, to] = [h("span"), h("span", { class: "muted" })];
  const what = h("span", { class: "name" }, company, to);
  const icon = shape("none");
  const word = h("span", { class: "sr-only" });
  const button = h("button", { type: "button", class: "row-button", onclick: open }, at, what, icon, word);
  return Object.assign(h("li", { class: "row banded" }, button), {
    button,
    at,
    company,
    to,
    icon,
    word,
  });
}

function updateRow(row, note) {
  attr(row, "data-hue", note.hue);
  text(row.at, moment(note.at));
  text(row.company, note.company || t("company.unassigned"));
  text(row.to, t("notes.line", { caller: note.caller, to: note.to || t(note.state === "none" ? "notes.no_address" : "notes.nobody") }));
  const state = t(`notes.state.${note.state}`);
  const word = note.sms_off ? t("notes.sms_off", { state }) : state;
  setShape(row.icon, SHAPES[note.state]);
  text(row.word, word);
  attr(row.button, "title", t("notes.open", { state: word }));
}

/** "41 Anrufe · 92 %", or a dash while there is nothing to count. */
export function inTime({ calls, in_time: quick }) {
  return calls ? `${Math.round((100 * quick) / calls)} %` : "–";
}
