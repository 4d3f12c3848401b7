// The keys that work now, and the services behind the desk.

import { h, keyed, show, text } from "../dom.js";
import { leaveField } from "../actions.js";
import { capOf, keyOf, KEYS } from "../keys.js";
import { writes } from "../letters.js";
import { t } from "../texts.js";
import { services } from "./me.js";
import { View } from "./parts.js";

customElements.define(
  "desk-footer",
  class extends View {
    build(desk) {
      this.keys = h("ul", { class: "foot-keys", "aria-label": t("footer.keys") });
      this.services = h("ul", { class: "services", "aria-label": t("services.title") });
      this.append(this.keys, this.services);
      this.desk = desk;
    }

    update(desk) {
      const entries = KEYS.filter((entry) => entry.footer && entry.when(desk));
      const all = writes(document.activeElement) ? [LEAVE, ...entries] : entries;
      keyed(
        this.keys,
        all,
        (entry) => entry.id,
        ({ id }) => makeKey(this.desk, id),
        (row, entry) => text(row.cap, entry === LEAVE ? t("keys.leave.cap") : capOf(entry)),
      );
      services(
        this.services,
        desk.online ? desk.picture.link : UNKNOWN,
      );
    }
  },
);

const UNKNOWN = { pbx: "unknown", mail: "unknown", sms: "unknown" };
const LEAVE = { id: "leave" };

function makeKey(desk, id) {
  const cap = h("kbd");
  const act = (event) => (id === LEAVE.id ? leaveField(desk, document.activeElement) : keyOf(id).act(desk, event));
  const button = h("button", { type: "button", class: "foot-key", onclick: act }, cap, t(`keys.${id}.short`));
  return Object.assign(h("li", {}, button), { cap });
}

customElements.define(
  "desk-notices",
  class extends View {
    build(desk) {
      this.desk = desk;
    }

    update(desk) {
      show(this, desk.notices.length);
      keyed(
        this,
        desk.notices,
        (notice) => notice.id,
        ({ id, kind }) => {
          const words = h("p");
          const off = h(
            "button",
            {
              type: "button",
              class: "chip-off",
              "aria-label": t("footer.dismiss"),
              onclick: () => this.desk.dismiss(id),
            },
            "×",
          );
          return Object.assign(h("div", { class: "notice", "data-kind": kind }, words, off), { words });
        },
        (row, notice) => text(row.words, notice.text),
      );
    }
  },
);
