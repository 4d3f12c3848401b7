// Who is calling, what is special about them, and what holds at this company today.

import { attr, h, keyed, show, text } from "../dom.js";
import { t } from "../texts.js";
import { View } from "./parts.js";

function who({ kind, name, company, shown }) {
  if (kind === "withheld") return t("caller.withheld");
  return [name, company, shown].filter(Boolean).join(" · ");
}

customElements.define(
  "desk-caller",
  class extends View {
    build() {
      this.vipHead = h("p", { class: "vip-head" }, h("span", { class: "vip" }, t("caller.badge")));
      this.vipName = h("strong");
      this.vipNumber = h("span", { class: "vip-number" });
      this.vipHead.append(this.vipName, this.vipNumber);
      this.vipInfo = h("p", { class: "vip-info" });
      this.vip = h(
        "section",
        { class: "vip-box", "aria-label": t("caller.vip") },
        this.vipHead,
        this.vipInfo,
      );
      this.who = h("span");
      this.kind = h("span", { class: "muted" });
      this.facts = h("dl", { class: "facts" });
      this.rows = {
        caller: fact("caller.label", h("dd", {}, this.who, " ", this.kind)),
        instruction: fact("caller.instruction", h("dd", { class: "instruction" })),
        news: fact("caller.news", h("dd", {}, h("ul", { class: "news" })), "is-inline"),
      };
      for (const row of Object.values(this.rows)) this.facts.append(row);
      this.append(this.vip, this.facts);
    }

    update({ current: open }) {
      if (!open) return;
      const { caller, instruction, news } = open.pop;
      show(this.vip, caller.kind === "vip");
      text(
        this.vipName,
        [caller.name, caller.company].filter(Boolean).join(", ") +
          (caller.vip_of ? ` (${t("caller.vip_of", { name: caller.vip_of })})` : ""),
      );
      text(this.vipInfo, caller.vip_info);
      show(this.vipInfo, caller.vip_info);
      text(this.vipNumber, caller.shown);
      show(this.rows.caller, caller.kind !== "vip");
      text(this.who, who(caller));
      const advertising = open.earlier.some((call) => call.reason === "advertising");
      text(this.kind, t(advertising ? "caller.advertising" : `caller.${caller.kind}`));
      show(this.kind, caller.kind !== "withheld");
      text(this.rows.instruction.lastElementChild, instruction);
      show(this.rows.instruction, instruction);
      const list = this.rows.news.querySelector("ul");
      keyed(
        list,
        news,
        (line) => line,
        () => h("li"),
        (row, line) => text(row, line),
      );
      show(this.rows.news, news.length);
      attr(this, "data-kind", caller.kind);
    }
  },
);

const fact = (key, value, extra = "") => h("div", { class: `fact ${extra}` }, h("dt", {}, t(key)), value);
