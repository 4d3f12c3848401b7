// Nothing to do: the same frame, calm, with the own day in figures, which nobody else sees.

import { h, text } from "../dom.js";
import { count, t } from "../texts.js";
import { duration, SERVICE_LEVEL } from "../time.js";
import { inTime } from "./notes.js";
import { View } from "./parts.js";

const FIGURES = ["calls", "quick", "notes", "through", "talk"];
const COUNTED = new Set(["calls", "notes"]); // "1 Anruf", "2 Anrufe"
const figure = (value, label) => h("div", { class: "figure" }, value, label);

/** The own figures as they are shown, in the order of FIGURES. */
function own({ calls, in_time: quick, notes, put_through: through, talk_seconds: talk }) {
  const average = calls ? duration((talk / calls) * 1000) : "–";
  return [String(calls), inTime({ calls, in_time: quick }), String(notes), String(through), average];
}

customElements.define(
  "desk-idle",
  class extends View {
    build() {
      this.say = h("p", { class: "say" });
      this.more = h("p", { class: "muted" });
      this.values = FIGURES.map(() => h("dd", { class: "figures" }));
      this.labels = FIGURES.map(() => h("dt"));
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
            ...FIGURES.map((_, i) => figure(this.values[i], this.labels[i])),
          ),
          this.all,
        ),
      );
    }

    update({ picture: { me, today, mine }, unsure }) {
      const state = unsure ? "stale" : me.state;
      text(this.say, t(`idle.${state}`));
      text(this.more, t(`idle.${state}_more`));
      own(mine).forEach((value, i) => text(this.values[i], value));
      FIGURES.forEach((name, i) => {
        const key = `today.${name}`;
        text(this.labels[i], COUNTED.has(name) ? count(key, mine[name]) : name === "quick" ? count(key, SERVICE_LEVEL) : t(key));
      });
      const { calls, abandoned } = today;
      text(this.all, count("today.all", calls, { quick: inTime(today), abandoned, seconds: SERVICE_LEVEL }));
    }
  },
);
