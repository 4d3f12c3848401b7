// Who waits: company, time, VIP.

import { attr, h, keyed, shape, show, text } from "../dom.js";
import { t } from "../texts.js";
import { clock } from "../time.js";
import { View } from "./parts.js";

customElements.define(
  "desk-waiting",
  class extends View {
    build() {
      this.head = h("h2", { class: "label" });
      this.list = h("ul", { class: "rows", "aria-label": t("waiting.title") });
      this.none = h("p", { class: "muted" }, t("waiting.none"));
      this.append(this.head, this.list, this.none);
    }

    update({ picture: { waiting }, stale, connection }) {
      const count = waiting.length;
      text(this.head, stale ? t("waiting.last", { count, at: clock(connection.since) }) : t("waiting.count", { count }));
      show(this.none, !waiting.length);
      keyed(this.list, waiting, (item) => item.call, makeRow, updateRow);
    }
  },
);

function makeRow() {
  const company = h("span", { class: "name" });
  const vip = h("span", { class: "vip" }, "VIP");
  const timer = document.createElement("desk-timer");
  return Object.assign(h("li", { class: "row banded" }, shape("waiting"), company, vip, timer), {
    company,
    vip,
    timer,
  });
}

function updateRow(row, item) {
  attr(row, "data-hue", item.hue);
  text(row.company, item.company || t("company.unassigned"));
  attr(row.company, "title", item.company || null);
  show(row.vip, item.vip);
  row.timer.set(item.since);
}
