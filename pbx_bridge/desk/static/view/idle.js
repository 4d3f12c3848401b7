// Nothing to do: the same frame, calm, with the day's figures.

import { h, text } from "../dom.js";
import { t } from "../texts.js";
import { inTime } from "./notes.js";
import { View } from "./parts.js";

const figure = (value, key) => h("div", { class: "figure" }, value, h("dt", {}, t(key)));

customElements.define(
  "desk-idle",
  class extends View {
    build() {
      this.say = h("p", { class: "say" });
      this.more = h("p", { class: "muted" });
      this.values = ["calls", "quick", "abandoned"].map(() => h("dd", { class: "figures" }));
      this.append(
        h(
          "div",
          { class: "idle" },
          this.say,
          this.more,
          h(
            "dl",
            { class: "day", "aria-label": t("today.title") },
            ...["today.calls", "today.quick", "today.abandoned"].map((key, i) => figure(this.values[i], key)),
          ),
        ),
      );
    }

    update({ picture: { me, today } }) {
      text(this.say, t(`idle.${me.state}`));
      text(this.more, t(`idle.${me.state}_more`));
      [String(today.calls), inTime(today), String(today.abandoned)].forEach((value, i) =>
        text(this.values[i], value),
      );
    }
  },
);
