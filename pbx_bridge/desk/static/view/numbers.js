// Put through to somebody outside: the numbers that the company's texts name, and one that is typed.

import { leaveNumber, ringNumber } from "../actions.js";
import { attr, h, keyed, show, text } from "../dom.js";
import { mayRingOutside } from "../offered.js";
import { t } from "../texts.js";
import { View } from "./parts.js";

customElements.define(
  "desk-numbers",
  class extends View {
    build(desk) {
      this.list = h("ul", { class: "numbers", "aria-label": t("numbers.title") });
      this.field = h("input", {
        type: "tel",
        autocomplete: "off",
        "aria-label": t("numbers.field"),
        placeholder: t("numbers.placeholder"),
      });
      this.ring = h("button", { type: "button", class: "button" }, t("numbers.ring"));
      const typed = (event) => this.#ringTyped(desk, event);
      this.ring.addEventListener("click", typed);
      this.field.addEventListener("input", () => desk.changed());
      this.field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
        event.preventDefault();
        typed(event);
      });
      this.typed = h("p", { class: "numbers-typed" }, this.field, this.ring);
      this.append(this.list, this.typed);
    }

    #ringTyped(desk, event) {
      const number = this.field.value.trim();
      if (!number) return this.field.focus();
      ringNumber(desk, number, event.shiftKey ? "talk" : "hold").then((answer) => {
        if (!answer?.ok) return;
        this.field.value = "";
        leaveNumber(desk);
      });
    }

    update(desk) {
      const may = mayRingOutside(desk);
      const typing = may && desk.outside === desk.current.view.call;
      show(this, typing || (may && desk.current.pop.numbers?.length));
      show(this.typed, typing);
      if (this.call !== desk.current?.view.call) {
        this.call = desk.current?.view.call;
        this.field.value = ""; // typed for another caller
      }
      if (!may) return;
      keyed(this.list, desk.current.pop.numbers ?? [], (one) => one.number, makeNumber, (row, one) =>
        updateNumber(row, one, desk),
      );
      attr(this.ring, "aria-disabled", desk.online && this.field.value.trim() ? null : "true");
    }
  },
);

function makeNumber() {
  const label = h("span", { class: "numbers-label" });
  const shown = h("strong");
  const button = h("button", { type: "button", class: "button is-quiet" }, label, shown);
  return Object.assign(h("li", {}, button), { label, shown, button });
}

function updateNumber(row, one, desk) {
  text(row.label, one.label);
  show(row.label, one.label);
  text(row.shown, one.shown);
  attr(row.button, "aria-label", t("numbers.ring_of", { label: one.label, number: one.shown }));
  attr(row.button, "aria-disabled", desk.online ? null : "true");
  row.button.onclick = (event) => ringNumber(desk, one.number, event.shiftKey ? "talk" : "hold");
}
