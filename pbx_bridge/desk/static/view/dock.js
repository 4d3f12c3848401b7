// At the foot of the call: questions often asked, and earlier calls of this caller to this company.

import { attr, h, keyed, show, text } from "../dom.js";
import { openDock } from "../actions.js";
import { wordsOf } from "../search.js";
import { count, t } from "../texts.js";
import { moment } from "../time.js";
import { View } from "./parts.js";

const words = new WeakMap();

function wordLists(entry) {
  if (!words.has(entry)) words.set(entry, [wordsOf(entry.question), wordsOf(entry.answer)]);
  return words.get(entry);
}

customElements.define(
  "desk-dock",
  class extends View {
    build(desk) {
      this.desk = desk;
      this.input = h("input", {
        type: "search",
        class: "search",
        "aria-label": t("faq.search"),
        placeholder: t("faq.placeholder"),
        autocomplete: "off",
        oninput: () => desk.changed(),
        onfocus: () => desk.dock !== "faq" && openDock(desk, "faq"),
      });
      this.earlierWord = h("span");
      this.earlierButton = h(
        "button",
        {
          type: "button",
          class: "button is-quiet",
          "aria-expanded": "false",
          onclick: () => openDock(desk, "earlier"),
        },
        this.earlierWord,
        (this.earlierKey = h("kbd", {}, t("keys.earlier.cap"))),
      );
      this.faq = h("dl", { class: "faq", "aria-label": t("faq.title") });
      this.none = h("p", { class: "muted none" });
      this.earlier = h("ul", { class: "earlier", "aria-label": t("earlier.title") });
      this.append(
        h(
          "div",
          { class: "find" },
          h("h2", { class: "label" }, t("faq.title")),
          this.input,
          this.earlierButton,
        ),
        (this.panel = h("div", { class: "dock-panel", tabindex: "0" }, this.faq, this.none, this.earlier)),
      );
    }

    update({ current: open, dock }) {
      if (!open) return;
      if (open.view.call !== this.call) this.input.value = "";
      this.call = open.view.call;
      const { items: found, total, sure } = this.desk.finding.of(open.pop, "faq", this.input.value, wordLists);
      const faq = dock === "faq";
      show(this.panel, dock);
      attr(this, "data-dock", dock);
      keyed(
        this.faq,
        faq ? found : [],
        (entry) => entry.question,
        makeEntry,
        (row, entry) => text(row.lastElementChild, entry.answer),
      );
      show(this.faq, faq && found.length);
      const hidden = total - found.length;
      show(this.none, faq && sure && (!found.length || hidden > 0));
      const nothing = this.desk.finding.total(open.pop, "faq") ? "faq.nothing" : "faq.none";
      text(this.none, found.length ? count("faq.more", hidden) : t(nothing, { query: this.input.value }));
      text(this.earlierWord, t("earlier.count", { count: open.earlier.length }));
      attr(this.earlierButton, "aria-expanded", String(dock === "earlier"));
      attr(this.earlierButton, "disabled", !open.earlier.length);
      show(this.earlierKey, open.earlier.length);
      keyed(
        this.earlier,
        dock === "earlier" ? open.earlier : [],
        (call) => call.at,
        makeEarlier,
        (row, call) => updateEarlier(row, call, open.pop.zone),
      );
      show(this.earlier, dock === "earlier" && open.earlier.length);
    }
  },
);

const makeEntry = (entry) => h("div", {}, h("dt", {}, entry.question), h("dd", {}));

function makeEarlier() {
  const head = h("p", { class: "muted figures" });
  const what = h("p");
  return Object.assign(h("li", {}, head, what), { head, what });
}

function updateEarlier(row, call, zone) {
  const caller = [call.caller_name, call.caller_company].filter(Boolean).join(", ");
  text(
    row.head,
    [moment(call.at, zone), caller, call.agent && t("earlier.taken", { agent: call.agent })]
      .filter(Boolean)
      .join(" · "),
  );
  text(row.what, call.summary || (call.reason ? t("earlier.closed", { reason: t(`closes.${call.reason}`) }) : ""));
}
