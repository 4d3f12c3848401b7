// What to say now, as a full sentence: above, the greeting; at the put-through, what employee and caller hear of it.

import { attr, h, show, text } from "../dom.js";
import { turnGreeting } from "../actions.js";
import { listed, t } from "../texts.js";
import { clock, moment } from "../time.js";
import { takerOf } from "../finding.js";
import { View } from "./parts.js";

const LONG = 130; // letters beyond which a sentence is set smaller

/** Said at the put-through: to the employee, or afterwards to the caller; null while there is none. */
function atThrough({ view }) {
  const through = view.put_through;
  if (through?.say && through.step !== "returning")
    return { to: t("speech.to_employee", { name: through.current_name }), say: through.say };
  if (view.phase !== "talking" || !view.tried.length) return null;
  const names = listed([...new Set(view.tried.map((one) => one.name))]);
  return {
    to: t("speech.to_caller"),
    say: t(view.tried.length > 1 ? "speech.back.many" : "speech.back.one", { names }),
  };
}

/** What is left to do when nobody talks any longer; null before. */
function afterwards(open) {
  const { view } = open;
  const joined = view.joined_number ? "speech.joined_number" : "speech.joined";
  if (view.phase === "asked") return t(view.given ? "speech.given" : "speech.asked", { by: view.asked_by });
  if (view.phase === "joined") return t(joined, { name: takerOf(open) });
  if (view.correction) return t("speech.correction", { at: moment(view.correction.versions.at(-1).at) });
  if (view.phase !== "ended") return null;
  if (view.recalled) return t("speech.recalled", { from: clock(view.answered_at), to: clock(view.ended_at) });
  return t(view.end_reason === "requeued" ? "speech.requeued" : "speech.ended");
}

/** The sentence, to whom it is said, and how: in full, as one line, or as a plain word to the agent. */
function above(open, said) {
  const done = afterwards(open);
  if (done) return { to: t("speech.done"), say: done, as: "word" };
  return { to: t(open.view.call_back ? "speech.call_back" : "speech.greeting"), say: open.pop.greeting, as: said.isFolded(open) ? "line" : "full" };
}

customElements.define(
  "desk-speech",
  class extends View {
    build(desk) {
      this.isThrough = this.dataset.part === "through";
      this.to = h("p", { class: "label" });
      this.line = h("p", { class: "line muted" });
      this.say = h("p", { class: "say" });
      this.turn = h(
        "button",
        { type: "button", class: "turn", onclick: () => turnGreeting(desk), "aria-label": t("keys.greeting.label") },
        h("kbd", {}, t("keys.greeting.cap")),
      );
      this.append(h("div", { class: "speech-head" }, this.to, this.line), this.say, this.turn);
    }

    update({ current: open, said }) {
      if (!open) return;
      const now = this.isThrough ? atThrough(open) : above(open, said);
      show(this, now);
      if (!now) return;
      attr(this, "data-as", now.as ?? "full");
      text(this.to, now.to);
      text(this.say, now.say);
      this.say.classList.toggle("is-long", now.say.length > LONG);
      show(this.turn, !this.isThrough && said.folds(open));
      attr(this.turn, "aria-expanded", String(now.as === "full"));
      show(this.line, !this.isThrough && now.as !== "word");
      text(this.line, t("company.line", { line: open.pop.line, at: clock(open.pop.arrived_at) }));
    }
  },
);
