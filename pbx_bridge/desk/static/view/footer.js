// The keys that work now, and the services behind the desk.

import { h, keyed, show, text } from "../dom.js";
import { keyOf, KEYS } from "../keys.js";
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
      keyed(
        this.keys,
        entries,
        (entry) => entry.id,
        ({ id }) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "foot-key", onclick: (event) => keyOf(id).act(this.desk, event) },
              h("kbd", {}, t(`keys.${id}.cap`)),
              t(`keys.${id}.short`),
            ),
          ),
        () => {},
      );
      services(
        this.services,
        desk.online ? desk.picture.link : { pbx: "unknown", mail: "unknown", sms: "unknown" },
      );
    }
  },
);

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
