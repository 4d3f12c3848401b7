// Who works there, whether they are there, whether a put-through is possible now, and who would be tried.

import { attr, h, keyed, setShape, shape, show, text } from "../dom.js";
import { backToTop, focusCentre } from "../focus.js";
import { step } from "../actions.js";
import { count, maybe, t } from "../texts.js";
import { wordsOf } from "../search.js";
import { backFrom, until } from "../time.js";
import { heading, View } from "./parts.js";
import { nameOf } from "../finding.js";

const SHAPES = { present: "talking", info: "waiting", away: "away" };
const FEW = 3; // who fit into one column, and need no more
const known = new WeakMap(); // employee → word lists, made once per pop

function wordLists(employee) {
  if (!known.has(employee)) {
    known.set(employee, [
      wordsOf(employee.name),
      wordsOf(employee.responsibility),
      wordsOf(`${employee.position} ${employee.search}`),
    ]);
  }
  return known.get(employee);
}

customElements.define(
  "desk-employees",
  class extends View {
    build(desk) {
      this.desk = desk;
      this.call = null;
      this.input = h("input", {
        type: "search",
        class: "search",
        role: "combobox",
        "aria-expanded": "true",
        "aria-controls": "employees",
        "aria-label": t("employees.search"),
        placeholder: t("employees.placeholder"),
        autocomplete: "off",
        spellcheck: "false",
        onfocus: () => this.#below(document.querySelector("desk-company")),
        oninput: () => this.#typed(),
        onkeydown: (event) => this.#key(event),
      });
      this.found = h("span", { class: "muted figures" });
      this.list = h("ul", {
        id: "employees",
        class: "employees",
        role: "listbox",
        "aria-label": t("employees.title"),
        tabindex: "0",
      });
      this.none = h("p", { class: "muted none" });
      this.append(
        h("div", { class: "find" }, heading("employees.title"), this.input, this.found),
        this.list,
        this.none,
      );
    }

    update(desk) {
      const open = desk.current;
      if (!open) return;
      if (open.view.call !== this.call) {
        this.call = open.view.call;
        this.input.value = "";
        this.list.scrollTop = 0;
        this.taking = null;
      }
      const found = this.#look();
      const everybody = desk.finding.total(open.pop, "employees");
      keyed(
        this.list,
        desk.shown,
        (employee) => employee.id,
        () => makeRow(desk),
        (row, employee, i) => updateRow(row, employee, i, open, desk.choice),
      );
      attr(this, "data-few", everybody <= FEW);
      attr(this.list, "data-few", everybody <= FEW);
      text(this.found, this.#howMany(found, everybody));
      show(this.none, found.sure && !desk.shown.length);
      text(this.none, everybody ? t("employees.nobody", { query: this.input.value }) : t("employees.none"));
      const chosen = this.list.querySelector("[aria-selected=true]");
      attr(this.input, "aria-activedescendant", chosen?.id ?? null);
      if (chosen && chosen !== this.seen) chosen.scrollIntoView({ block: "nearest" });
      this.seen = chosen;
      if (found.sure && this.taking === this.input.value) queueMicrotask(() => this.#take());
    }

    #howMany({ items, total, sure }, everybody) {
      if (!sure) return "…";
      if (total > items.length) return t("employees.first", { count: items.length, all: total });
      return this.input.value
        ? t("employees.found", { count: items.length, all: everybody })
        : count("employees.count", everybody);
    }

    /** Who fits what is typed; of a big company the server knows, and until it has said so, whoever is known here. */
    #look() {
      const { desk } = this;
      const found = desk.finding.of(desk.current.pop, "employees", this.input.value, wordLists);
      desk.shown = found.items;
      return found;
    }

    /** On a low window no row would be in sight. */
    #below(head) {
      document.getElementById("centre").scrollTo(0, this.offsetTop - head.offsetHeight);
    }

    #typed() {
      const { desk } = this;
      this.taking = null;
      this.#look();
      this.list.scrollTop = 0;
      desk.changed();
    }

    #key(event) {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) step(this.desk, by);
      else if (event.key === "Enter" && !event.ctrlKey) this.#take();
      else return;
      event.preventDefault();
    }

    /**
     * Enter takes the one under the arrows if it is in the list, else the best; the keys work again at once. While the server
     * still looks it takes nobody: the best may be somebody else.
     */
    #take() {
      const { desk } = this;
      this.taking = this.#look().sure ? null : this.input.value;
      if (this.taking !== null) return;
      const chosen = desk.shown.find((employee) => employee.id === desk.choice?.id) ?? desk.shown[0];
      if (!chosen) return;
      desk.choose(chosen);
      focusCentre();
      backToTop();
    }
  },
);

function makeRow(desk) {
  const icon = shape("away");
  const name = h("span", { class: "person" });
  const job = h("span", { class: "muted role" });
  const there = h("span", { class: "there" });
  const through = h("span", { class: "through" });
  const digit = h("kbd");
  const row = h(
    "li",
    {
      role: "option",
      class: "employee",
      onclick: () => desk.choose(desk.shown.find((e) => e.id === row.dataset.key)),
    },
    digit,
    icon,
    h("span", { class: "who" }, name, through, there, job),
  );
  return Object.assign(row, { icon, name, job, there, through, digit });
}

function updateRow(row, employee, index, { pop, view }, choice) {
  const { availability, tries } = employee;
  row.id = `employee-${index}`;
  attr(row, "aria-selected", String(choice?.id === employee.id));
  attr(row, "data-can", tries.length ? "yes" : "no");
  setShape(row.icon, SHAPES[availability.kind]);
  text(row.name, employee.name);
  text(row.job, [employee.position, employee.responsibility].filter(Boolean).join(" · "));
  text(row.there, absence(availability, pop.zone));
  attr(row.there, "data-kind", availability.kind);
  show(row.there, availability.kind !== "present");
  text(row.through, ["joined", "ended"].includes(view.phase) ? "" : through(employee, pop));
  text(row.digit, index < 9 ? String(index + 1) : "");
}

/** What to tell of an absence and its end: "Im Urlaub, bis Fr 27.11.", "ab 14:00 Uhr wieder erreichbar". */
function absence({ text: words, until: end, by_hours: byHours }, zone) {
  if (!end) return words || t("employees.off");
  const when = byHours ? backFrom(end, zone) : until(end, zone);
  return [words.trimEnd().replace(/(?<![\d.])\.$/, ""), when].filter(Boolean).join(", ");
}

/** In a few words: rung now, the deputy instead, or why nobody. */
function through({ id, refusal, tries }, pop) {
  if (!tries.length) return maybe(`refusals.${refusal}`) ?? t("refusals.other");
  return tries[0] === id ? t("employees.through") : t("employees.deputy", { name: nameOf(pop, tries[0]) });
}
