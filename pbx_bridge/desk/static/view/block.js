// After an advertising call: whether to block the caller, what came of it, and the way back.

import { attr, h, show, text } from "../dom.js";
import { blockWords } from "../announce.js";
import { t } from "../texts.js";
import { keyButton, updateKeyButton, View } from "./parts.js";

customElements.define(
  "desk-block",
  class extends View {
    build(desk) {
      this.what = h("strong");
      this.more = h("span", { class: "muted" });
      this.buttons = [
        keyButton(desk, "block", "is-primary", "short"),
        keyButton(desk, "release", "", "short"),
        keyButton(desk, "put_off", "is-quiet", "short"),
      ];
      this.append(
        h("p", {}, this.what, " ", this.more),
        h("div", { class: "block-buttons" }, ...this.buttons),
      );
    }

    update(desk) {
      const { block, link } = desk.picture;
      show(this, block);
      if (!block) return;
      attr(this, "data-state", block.state);
      text(this.what, blockWords(block, link.pbx));
      text(this.more, block.state === "refused" ? "" : t(`block.${block.state}_more`));
      for (const button of this.buttons) updateKeyButton(button, desk);
    }
  },
);
