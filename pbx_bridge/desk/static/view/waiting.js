// Who waits: company, VIP, and how long, in colour, shape and word.

import { attr, h, keyed, setShape, shape, show, text } from "../dom.js";
import { count, t } from "../texts.js";
import { clock, SERVICE_LEVEL } from "../time.js";
import { serverNow } from "../../web/ticking.js";
import { View } from "./parts.js";
import { followArrows, makePick, updatePick } from "./pick.js";

const LEVELS = [
  { from: 3 * SERVICE_LEVEL, name: "long", shape: "failed" },
  { from: SERVICE_LEVEL, name: "late", shape: "late" }, // what is promised is an answer within that time
  { from: -Infinity, name: "fresh", shape: "waiting" },
];

/** How bad it is to wait so long. Pure. */
const levelOf = (seconds) => LEVELS.find(({ from }) => seconds >= from);

customElements.define(
  "desk-waiting",
  class extends View {
    build() {
      this.head = h("h2", { class: "label" });
      this.list = h("ul", { class: "rows", tabindex: "0", "aria-label": t("waiting.title") });
      this.none = h("p", { class: "muted" }, t("waiting.none"));
      followArrows(this.list);
      this.append(this.head, this.list, this.none);
      setInterval(() => [...this.list.children].forEach(showLevel), 1000);
    }

    update(desk) {
      const { picture: { waiting }, unsure, unsureSince } = desk;
      const count = waiting.length;
      text(this.head, unsure && unsureSince ? t("waiting.last", { count, at: clock(unsureSince) }) : t("waiting.count", { count }));
      show(this.none, !waiting.length);
      show(this.list, waiting.length);
      keyed(this.list, waiting, (item) => item.call, makeRow, (row, item) => updateRow(row, item, desk));
    }
  },
);

function makeRow() {
  const company = h("span", { class: "name" });
  const vip = h("span", { class: "vip" });
  const pick = makePick();
  const timer = document.createElement("desk-timer");
  const [icon, word] = [shape("waiting"), h("span", { class: "sr-only" })];
  return Object.assign(h("li", { class: "row banded" }, icon, company, vip, word, timer, pick), {
    icon,
    word,
    company,
    vip,
    timer,
    pick,
  });
}

function updateRow(row, item, desk) {
  attr(row, "data-hue", item.hue);
  text(row.company, item.company || t("company.unassigned"));
  attr(row.company, "title", item.company || null);
  const marks = [item.call_back && t("waiting.call_back"), item.vip && t("caller.badge")].filter(Boolean);
  text(row.vip, marks.join(" · "));
  show(row.vip, marks.length);
  row.timer.set(item.since);
  row.since = Date.parse(item.since);
  showLevel(row);
  updatePick(row.pick, item, desk);
}

function showLevel(row) {
  const level = levelOf((serverNow() - row.since) / 1000);
  attr(row, "data-wait", level.name);
  setShape(row.icon, level.shape);
  const word = level.name === "late" ? count("waiting.late", level.from) : t(`waiting.${level.name}`);
  text(row.word, word);
  attr(row, "title", word);
}
