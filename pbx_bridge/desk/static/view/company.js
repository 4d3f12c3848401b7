// Whose call this is: name, how it is said, state of the call. The one thing that must never be mistaken.

import { attr, h, keyed, show, text } from "../dom.js";
import { count, t } from "../texts.js";
import { moment } from "../time.js";
import { StateChip, View } from "./parts.js";

const LONG = 30; // letters of a name beyond which it is set smaller, so that its longest word keeps its line

const LIVE = new Set(["offered", "asked", "talking", "putting_through", "joined"]);
const PHASE = { offered: "ringing", asked: "ringing", talking: "talking", waits: "waiting", joined: "talking", ended: "away" };

/** How the caller is, which is not always what the call does: shape, word, since when. */
function stateOf({ phase, since, answered_at: answered, put_through: through, correction }, unsure = false) {
  if (unsure && LIVE.has(phase)) return ["uncertain", t("phase.last", { state: t(`phase.${phase}`) }), null];
  if (correction) return ["correction", t("phase.correction", { at: moment(correction.versions.at(-1).at) }), null];
  const name = phase !== "putting_through" ? phase : through?.hold_since ? "waits" : "talking";
  const start = { talking: answered ?? since, waits: through?.hold_since }[name] ?? since;
  return [PHASE[name], t(`phase.${name}`), start];
}

customElements.define(
  "desk-company",
  class extends View {
    build(desk) {
      this.others = h("nav", { class: "others", "aria-label": t("company.others") });
      this.name = h("h2", { class: "company-name" });
      this.spoken = h("p", { class: "spoken" });
      this.chip = new StateChip();
      this.secret = h("p", { class: "secret" }, t("company.confidential"));
      this.language = h("p", { class: "language" });
      this.append(
        this.others,
        h(
          "header",
          { class: "company" },
          h("div", { class: "company-names" }, this.name, this.spoken),
          h("div", { class: "company-state" }, this.chip.node),
        ),
        this.language,
        this.secret,
      );
      this.desk = desk;
    }

    update(desk) {
      const open = desk.current;
      this.#others(desk, open);
      if (!open) return;
      const { pop, view } = open;
      text(this.name, pop.company.name || t("company.unassigned"));
      this.name.classList.toggle("is-long", pop.company.name.length > LONG);
      const spoken = pop.company.spoken_name && pop.company.spoken_name !== pop.company.name;
      text(this.spoken, spoken ? t("company.spoken", { name: pop.company.spoken_name }) : "");
      this.chip.update(...stateOf(view, desk.unsure));
      const { language } = pop.company;
      text(this.language, language ? t("company.language", { language: t(`spoken.${language}`) }) : "");
      show(this.language, language);
      show(this.secret, pop.company.confidential);
    }

    /** Further calls that are open here: one that rings beside a note, or notes still to be written. */
    #others(desk, open) {
      const { picture, unsure } = desk;
      const others = picture.calls.filter((other) => other !== open);
      show(this.others, others.length);
      keyed(
        this.others,
        others,
        (other) => other.view.call,
        (other) => {
          const chip = new StateChip();
          const whose = h("strong");
          const caller = h("span", { class: "muted" });
          const key = h("kbd", {}, t("keys.to_live.cap"));
          const row = h(
            "button",
            { type: "button", class: "other banded", onclick: () => this.desk.turnTo(other.view.call) },
            whose,
            caller,
            chip.node,
            key,
          );
          return Object.assign(row, { chip, whose, caller, key });
        },
        (row, other) => {
          attr(row, "data-hue", other.pop.company.hue);
          attr(row, "data-phase", other.view.phase);
          text(row.whose, other.pop.company.name || t("company.unassigned"));
          const live = open && !LIVE.has(open.view.phase) && LIVE.has(other.view.phase);
          attr(row, "data-live", live);
          text(row.caller, live ? other.pop.caller.name : "");
          show(row.key, other === desk.live);
          row.chip.update(...stateOf(other.view, unsure));
        },
      );
    }
  },
);

/** The title of the window says what happens, for those who look at another one. */
export function windowTitle({ current, picture, stale, unsure }) {
  if (stale) return t("title.offline");
  const open = picture.calls.find(({ view }) => view.phase === "offered" || view.phase === "asked") ?? current;
  if (open) return `${stateOf(open.view, unsure)[1]}: ${open.pop.company.name || t("company.unassigned")}`;
  return picture.waiting.length && !unsure ? count("title.waiting", picture.waiting.length) : t("title.desk");
}
