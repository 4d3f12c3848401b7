// The line of steps of the put-through, with its keys.

import { attr, h, keyed, setShape, shape, show, text } from "../dom.js";
import { KEYS } from "../keys.js";
import { maybe, t, why } from "../texts.js";
import { keyButton, updateKeyButton, View } from "./parts.js";
import { nameOf } from "../finding.js";

const RUNNING = {
  held: "waiting",
  ringing: "ringing",
  answered: "talking",
  consulting: "consulting",
  connecting: "consulting",
  returning: "talking",
};

/** What was tried, what happens, what would follow: the whole way before anybody walks it. */
function steps({ pop, view }, choice) {
  const through = view.put_through;
  const tried = (through?.tried ?? view.tried).map((one, i) => ({
    id: `tried ${i}`,
    shape: one.result === "joined" ? "done" : "failed",
    text: t("steps.tried", { name: one.name, result: maybe(`results.${one.result}`) ?? t("results.other") }),
  }));
  if (view.phase === "joined")
    return [
      { id: "joined", shape: "talking", text: joinedText(pop, view) },
    ];
  if (through) {
    const now = {
      id: "now",
      shape: RUNNING[through.step],
      text: t(through.given && through.step === "ringing" ? "steps.given" : `steps.${through.step}`, {
        name: through.current_name,
      }),
      since: through.since,
      now: true,
    };
    const next = through.next.map((id) => ({
      id: `next ${id}`,
      text: t("steps.deputy", { name: nameOf(pop, id) }),
    }));
    return [...tried, now, ...next];
  }
  if (view.phase === "ended") return tried;
  const end = { id: "end", text: t("steps.back") };
  if (!choice) return tried.length ? [...tried, { id: "end", text: t("steps.with_caller") }] : [];
  if (!choice.tries.length)
    return [
      {
        id: "no",
        shape: "none",
        text: t("steps.refused", { name: choice.name, why: why(choice.refusal ?? "away") }),
      },
    ];
  const plan = choice.tries.map((id) => ({
    id: `plan ${id}`,
    text: id === choice.id ? choice.name : t("steps.deputy", { name: nameOf(pop, id) }),
  }));
  return [...plan, end];
}

const joinedText = (pop, view) =>
  view.joined_number
    ? t("steps.joined_number", { number: view.joined_number })
    : t("steps.joined", { name: nameOf(pop, view.joined_with) });

function hint({ pop, view }, pbx) {
  if (view.phase === "offered") return t("steps.hint_offered");
  if (view.phase === "asked") return t("steps.hint_asked");
  if (view.phase === "ended") return t("steps.hint_ended");
  if (!pop.company.put_through) return t("steps.hint_no_tariff");
  return t(pbx === "down" ? "steps.hint_pbx" : "steps.hint");
}

customElements.define(
  "desk-transfer",
  class extends View {
    build(desk) {
      this.list = h("ol", { class: "steps" });
      this.hint = h("p", { class: "muted hint" });
      this.buttons = KEYS.filter((entry) => entry.bar).map((entry) => keyButton(desk, entry.id));
      this.bar = h(
        "section",
        { class: "bar", "aria-label": t("steps.title") },
        h("div", { class: "bar-line" }, this.list, this.hint),
        h("div", { class: "bar-keys" }, ...this.buttons),
      );
      this.append(this.bar);
    }

    update(desk) {
      const open = desk.current;
      if (!open) return;
      const line = steps(open, desk.choice);
      keyed(this.list, line, (step) => step.id, makeStep, updateStep);
      show(this.list, line.length);
      show(this.hint, !line.length);
      text(this.hint, hint(open, desk.picture.link.pbx));
      attr(
        this.bar,
        "data-step",
        open.view.put_through?.step ?? (open.view.phase === "joined" ? "joined" : null),
      );
      this.bar.classList.toggle("is-empty", !line.length);
      for (const button of this.buttons) updateKeyButton(button, desk);
    }
  },
);

function makeStep() {
  const icon = shape("none");
  const word = h("span");
  const timer = document.createElement("desk-timer");
  return Object.assign(h("li", {}, icon, word, timer), { icon, word, timer });
}

function updateStep(row, step) {
  attr(row.icon, "hidden", step.shape ? null : true);
  if (step.shape) setShape(row.icon, step.shape);
  text(row.word, step.text);
  row.timer.set(step.since ?? null);
  attr(row, "aria-current", step.now ? "step" : null);
}
