// Nothing to do: the same frame, calm, with the own day in figures, which nobody else sees.

import { h, text } from "../dom.js";
import { t } from "../texts.js";
import { duration } from "../time.js";
import { inTime } from "./notes.js";
import { View } from "./parts.js";

const FIGURES = ["calls", "quick", "notes", "through", "talk"];
const figure = (value, key) => h("div", { class: "figure" }, value, h("dt", {}, t(key)));

/** The own figures as they are shown, in the order of FIGURES. */
function own({ calls, in_20_seconds: quick, notes, put_through: through, talk_seconds: talk }) {
  const average = calls ? duration((talk / calls) * 1000) : "–";
  return [String(calls), inTime({ calls, in_20_seconds: quick }), String(notes), String(through), average];
}

customElements.define(
  "desk-idle",
  class extends View {
    build() {
      this.say = h("p", { class: "say" });
      this.more = h("p", { class: "muted" });
      this.values = FIGURES.map(() => h("dd", { class: "figures" }));
      this.all = h("p", { class: "muted figures" });
      this.append(
        h(
          "div",
          { class: "idle" },
          this.say,
          this.more,
          h("h2", { class: "label day-title" }, t("today.title")),
          h(
            "dl",
            { class: "day" },
            ...FIGURES.map((name, i) => figure(this.values[i], `today.${name}`)),
          ),
          this.all,
        ),
      );
    }

    update({ picture: { me, today, mine } }) {
      text(this.say, t(`idle.${me.state}`));
      text(this.more, t(`idle.${me.state}_more`));
      own(mine).forEach((value, i) => text(this.values[i], value));
      const { calls, abandoned } = today;
      text(this.all, t("today.all", { calls, quick: inTime(today), abandoned }));
    }
  },
);
