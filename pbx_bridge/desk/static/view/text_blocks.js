// Text blocks: one key shows them, a few letters find one, Enter puts it where the cursor stands in the note.

import { apart, filled, MISSING } from "../blocks.js";
import { h, keyed, show, text } from "../dom.js";
import { nameOf } from "../finding.js";
import { capOf, keyOf } from "../keys.js";
import { find, wordsOf } from "../search.js";
import { listed, t } from "../texts.js";

const wordLists = (block) => [wordsOf(block.name), wordsOf(block.text)];
const TAKES = "desk-note textarea, desk-note input[type=text]:not(#recipients, .blocks-input)";

/** `node`: the button, and the list that floats below it. */
export class TextBlocks {
  #desk;
  #at = 0;
  #control = null; // where the text goes
  #open = false;

  constructor(desk) {
    this.#desk = desk;
    this.key = h("kbd");
    this.button = h(
      "button",
      { type: "button", class: "button is-quiet blocks-button", "data-act": "text_blocks", "aria-haspopup": "listbox", onclick: () => this.turn() },
      h("span", {}, t("blocks.title")),
      this.key,
    );
    this.input = h("input", {
      type: "text",
      class: "search blocks-input",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": "block-list",
      "aria-label": t("blocks.search"),
      placeholder: t("blocks.placeholder"),
      autocomplete: "off",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
      onblur: () => this.#close(),
    });
    this.list = h("ul", { id: "block-list", class: "blocks-list", role: "listbox", "aria-label": t("blocks.title") });
    this.none = h("p", { class: "muted none", hidden: true });
    this.panel = h("div", { class: "menu blocks-panel", hidden: true }, this.input, this.list, this.none);
    this.node = h("div", { class: "blocks", hidden: true }, this.button, this.panel);
    desk.addEventListener("text_blocks", () => this.turn());
  }

  update({ current }) {
    const some = current?.pop.text_blocks?.length;
    show(this.node, some);
    text(this.key, capOf(keyOf("text_blocks")));
    if (this.#open && !some) this.#close();
    if (this.#open) this.#draw();
  }

  turn() {
    if (this.#open) return this.#leave();
    const active = document.activeElement;
    this.#control = active?.matches(TAKES) ? active : document.querySelector("desk-note [name=concern]");
    this.#open = true;
    this.#at = 0;
    this.input.value = "";
    show(this.panel, true);
    this.#draw();
    this.input.focus();
  }

  #found() {
    return find(this.#desk.current?.pop.text_blocks ?? [], this.input.value, wordLists);
  }

  #typed() {
    this.#at = 0;
    this.#draw();
  }

  #draw() {
    const [found, values] = [this.#found(), this.#values()];
    keyed(
      this.list,
      found,
      (block) => block.name + block.text,
      () => this.#row(),
      (row, block, i) => {
        row.block = block;
        row.id = `block-${i}`;
        text(row.name, block.name);
        text(row.says, filled(block.text, values));
        row.setAttribute("aria-selected", String(i === this.#at));
      },
    );
    show(this.none, !found.length);
    text(this.none, t("blocks.nothing", { query: this.input.value }));
    if (found.length) this.input.setAttribute("aria-activedescendant", `block-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  #row() {
    const [name, says] = [h("strong"), h("span", { class: "muted" })];
    const row = h("li", { role: "option", onpointerdown: (event) => this.#take(event, row.block) }, name, says);
    return Object.assign(row, { name, says });
  }

  #key(event) {
    const found = this.#found();
    if (event.key === "Escape") this.#leave();
    else if (event.key === "Enter" && !event.ctrlKey && found.length) return this.#take(event, found[this.#at]);
    else if (event.key === "ArrowDown") this.#at = Math.min(found.length - 1, this.#at + 1);
    else if (event.key === "ArrowUp") this.#at = Math.max(0, this.#at - 1);
    else return;
    event.preventDefault();
    if (this.#open) this.#draw();
  }

  /** What the note says of the call by now, else what the call itself says. */
  #values() {
    const { pop, view } = this.#desk.current;
    const body = this.#desk.drafts.body(view.call);
    const to = body.recipients.length ? body.recipients : [view.joined_with ?? this.#desk.choice?.id].filter(Boolean);
    return {
      anrufer: body.name || pop.caller.name,
      nummer: body.callback || pop.caller.shown,
      mitarbeiter: to.length ? listed(to.map((id) => nameOf(pop, id))) : "",
    };
  }

  /** Where the cursor stands, a word apart; it can be taken back like typed letters, and the first gap is chosen. */
  #take(event, block) {
    event.preventDefault();
    const control = this.#control;
    const values = this.#values();
    this.#leave();
    const start = control.selectionStart;
    const put = apart(control.value.slice(0, start), filled(block.text, values));
    if (!document.execCommand("insertText", false, put)) {
      control.setRangeText(put, start, control.selectionEnd, "end");
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const gap = control.value.indexOf(MISSING, start);
    if (gap >= 0 && gap < start + put.length) control.setSelectionRange(gap, gap + MISSING.length);
  }

  /** Back into the field, where the cursor stood. */
  #leave() {
    this.#close();
    this.#control?.focus();
  }

  #close() {
    this.#open = false;
    show(this.panel, false);
  }
}
