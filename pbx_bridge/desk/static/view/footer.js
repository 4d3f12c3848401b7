// The keys that work now, and the services behind the desk.

import { h, keyed, show, text } from "../dom.js";
import { leaveField } from "../actions.js";
import { capOf, keyOf, KEYS, needsAlt } from "../keys.js";
import { writes } from "../letters.js";
import { prefs } from "../prefs.js";
import { t } from "../texts.js";
import { services } from "./me.js";
import { View } from "./parts.js";

customElements.define(
  "desk-footer",
  class extends View {
    build(desk) {
      this.keys = h("ul", { class: "foot-keys", "aria-label": t("footer.keys") });
      this.services = h("ul", { class: "services", "aria-label": t("services.title") });
      this.help = h("ul", { class: "foot-help" });
      this.append(this.keys, this.help, this.services);
      this.desk = desk;
    }

    update(desk) {
      const now = keysNow(desk);
      for (const [list, entries] of [
        [this.keys, now.filter((entry) => entry !== HELP)],
        [this.help, [HELP]],
      ])
        keyed(list, entries, (entry) => entry.id, ({ id }) => makeKey(desk, id), updateKey);
      services(
        this.services,
        desk.online ? desk.picture.link : UNKNOWN,
      );
    }
  },
);

const UNKNOWN = { pbx: "unknown", mail: "unknown", sms: "unknown" };
const LEAVE = { id: "leave", key: "Escape", act: (desk) => leaveField(desk, document.activeElement) };
const ALT = { id: "alt" };
const HELP = keyOf("sheet"); // has its own place, for whatever finds no room is in there

/** As they have to be pressed now: whoever writes leaves the field first, or holds Alt, which is said once. */
function keysNow(desk) {
  const entries = KEYS.filter((entry) => entry.footer && entry.when(desk));
  const writing = writes(document.activeElement);
  if (!writing && prefs.letters) return entries;
  const plain = entries.filter((entry) => !needsAlt(entry));
  return [...(writing ? [LEAVE] : []), ...plain, ALT, ...entries.filter(needsAlt)];
}

function makeKey(desk, id) {
  if (id === ALT.id) return h("li", { class: "foot-alt" }, h("kbd", {}, t("footer.alt")), " ", t("footer.and"));
  const cap = h("kbd");
  const { act } = id === LEAVE.id ? LEAVE : keyOf(id);
  const doIt = (event) => act(desk, event);
  const button = h("button", { type: "button", class: "foot-key", onclick: doIt }, cap, t(`keys.${id}.short`));
  return Object.assign(h("li", {}, button), { cap });
}

function updateKey(row, entry) {
  if (row.cap) text(row.cap, entry === LEAVE || needsAlt(entry) ? t(`keys.${entry.id}.cap`) : capOf(entry));
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
          const [words, key] = [h("p"), h("kbd")];
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
          return Object.assign(h("div", { class: "notice", "data-kind": kind }, words, key, off), { words, key });
        },
        (row, notice) => {
          text(row.words, notice.text);
          text(row.key, capOf(keyOf("dismiss")));
          show(row.key, notice === desk.notices.at(-1));
        },
      );
    }
  },
);
