// What to say now, as a full sentence.

import { h, text } from "../dom.js";
import { listed, t } from "../texts.js";
import { clock, moment } from "../time.js";
import { nameOf } from "../finding.js";
import { View } from "./parts.js";

/** The sentence and to whom it is said. */
function words({ pop, view }) {
  const through = view.put_through;
  if (through?.say && through.step !== "returning")
    return { to: t("speech.to_employee", { name: through.current_name }), say: through.say };
  if (view.phase === "talking" && view.tried.length) {
    const names = listed([...new Set(view.tried.map((one) => one.name))]);
    return {
      to: t("speech.to_caller"),
      say: t(view.tried.length > 1 ? "speech.back.many" : "speech.back.one", { names }),
    };
  }
  if (view.phase === "joined")
    return { to: t("speech.done"), say: t("speech.joined", { name: nameOf(pop, view.joined_with) }) };
  if (view.correction)
    return {
      to: t("speech.done"),
      say: t("speech.correction", { at: moment(view.correction.versions.at(-1).at) }),
    };
  if (view.phase === "ended" && view.recalled)
    return {
      to: t("speech.done"),
      say: t("speech.recalled", { from: clock(view.answered_at), to: clock(view.ended_at) }),
    };
  if (view.phase === "ended")
    return {
      to: t("speech.done"),
      say: t(view.end_reason === "requeued" ? "speech.requeued" : "speech.ended"),
    };
  return { to: t("speech.greeting"), say: pop.greeting };
}

customElements.define(
  "desk-speech",
  class extends View {
    build() {
      this.to = h("p", { class: "label" });
      this.line = h("p", { class: "line muted" });
      this.say = h("p", { class: "say" });
      this.room = h("p", { class: "say room", "aria-hidden": "true" }); // the greeting keeps its room, so that nothing below moves
      this.append(
        h("div", { class: "speech-head" }, this.to, this.line),
        h("div", { class: "say-room" }, this.say, this.room),
      );
    }

    update({ current: open }) {
      if (!open) return;
      const { to, say } = words(open);
      text(this.to, to);
      text(this.say, say);
      text(this.room, open.pop.greeting);
      text(this.line, t("company.line", { line: open.pop.line, at: clock(open.pop.arrived_at) }));
    }
  },
);
