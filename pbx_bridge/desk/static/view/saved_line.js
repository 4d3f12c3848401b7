// "Gespeichert 17:46 Uhr", and what: it stays until something changes.

import { attr, h, shape, text } from "../dom.js";
import { t } from "../texts.js";
import { moment } from "../time.js";

export class SavedLine {
  constructor(name) {
    this.at = h("strong");
    this.what = h("span", { class: "saved-what" });
    this.node = h("p", { class: `saved banded ${name}`, hidden: true }, shape("done"), h("span", {}, this.at, " ", this.what));
  }

  update(at, what, hue) {
    attr(this.node, "data-hue", hue);
    text(this.at, t("note.saved_at", { at: moment(at) }));
    text(this.what, what);
    attr(this.what, "title", what);
  }
}
