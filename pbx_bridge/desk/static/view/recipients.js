// Who gets the note: the one asked for is there already; more by typing, less by Backspace.

import { h, keyed, show, text } from "../dom.js";
import { wordsOf } from "../search.js";
import { t } from "../texts.js";
import { nameOf } from "../finding.js";

const lists = new WeakMap();

function wordLists(employee) {
  if (!lists.has(employee))
    lists.set(employee, [wordsOf(employee.name), wordsOf(`${employee.responsibility} ${employee.position}`)]);
  return lists.get(employee);
}

/** `finding` knows who fits; `changed(ids)` is called when the choice changed by hand. */
export class Recipients {
  #pop = null;
  #ids = [];
  #at = 0;
  #changed;
  #finding;

  constructor(finding, changed) {
    this.#finding = finding;
    this.#changed = changed;
    finding.addEventListener("change", () => this.#pop && this.#draw());
    this.input = h("input", {
      id: "recipients",
      class: "recipient-input",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "recipient-list",
      autocomplete: "off",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
      onblur: () => this.#close(),
    });
    this.chips = h("ul", { class: "recipient-chips" });
    this.list = h("ul", {
      id: "recipient-list",
      class: "menu recipient-list",
      role: "listbox",
      "aria-label": t("note.to"),
      hidden: true,
    });
    this.node = h(
      "div",
      { class: "field recipients" },
      h("label", { for: "recipients" }, t("note.to")),
      h("div", { class: "recipient-box" }, this.chips, this.input),
      this.list,
    );
  }

  update(pop, ids) {
    if (pop.call !== this.#pop?.call) this.#close();
    this.#pop = pop;
    this.#ids = ids;
    this.input.placeholder = ids.length ? "" : t("note.to_default");
    keyed(
      this.chips,
      ids,
      (id) => id,
      (id) => {
        const name = h("span");
        const off = h(
          "button",
          {
            type: "button",
            tabindex: "-1",
            class: "chip-off",
            onclick: () => this.#set(this.#ids.filter((one) => one !== id)),
          },
          "×",
        );
        return Object.assign(h("li", { class: "recipient" }, name, off), { name, off });
      },
      (row, id) => {
        text(row.name, nameOf(pop, id));
        row.off.setAttribute("aria-label", t("note.remove", { name: nameOf(pop, id) }));
      },
    );
  }

  #found() {
    const query = this.input.value.trim();
    if (!query) return [];
    const { items } = this.#finding.of(this.#pop, "employees", query, wordLists);
    return items.filter((one) => !this.#ids.includes(one.id)).slice(0, 6);
  }

  #typed() {
    this.#at = 0;
    this.#draw();
  }

  #draw() {
    const found = this.#found();
    show(this.list, found.length);
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    keyed(
      this.list,
      found,
      (e) => e.id,
      (e) =>
        h("li", {
          role: "option",
          onpointerdown: (event) => {
            event.preventDefault();
            this.#add(e.id);
          },
        }),
      (row, e, i) => {
        text(row, [e.name, e.position].filter(Boolean).join(" · "));
        row.id = `recipient-${i}`;
        row.setAttribute("aria-selected", String(i === this.#at));
      },
    );
    if (found.length) this.input.setAttribute("aria-activedescendant", `recipient-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const found = this.#found();
    if (event.key === "Backspace" && !this.input.value && this.#ids.length) this.#set(this.#ids.slice(0, -1));
    else if (event.key === "Enter" && !event.ctrlKey && found.length) this.#add(found[this.#at].id);
    else if (event.key === "ArrowDown" && found.length) this.#at = Math.min(found.length - 1, this.#at + 1);
    else if (event.key === "ArrowUp" && found.length) this.#at = Math.max(0, this.#at - 1);
    else return;
    event.preventDefault();
    this.#draw();
  }

  #add(id) {
    this.input.value = "";
    this.#set([...this.#ids, id]);
    this.#draw();
  }

  #set(ids) {
    this.#ids = ids;
    this.#changed(ids);
  }

  #close() {
    this.input.value = "";
    if (this.#pop) this.#draw();
  }
}
