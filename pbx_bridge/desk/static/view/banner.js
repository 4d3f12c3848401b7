// When something behind the desk is gone: what is known, what is safe, since when. Never a dialog.

import { attr, h, setShape, shape, show, text } from "../dom.js";
import { t } from "../texts.js";
import { View } from "./parts.js";

function trouble({ connection, picture }) {
  if (connection.state === "down") return { kind: "network", since: connection.since, shape: "uncertain" };
  if (connection.state === "up" && picture.link.pbx === "down")
    return { kind: "pbx", since: picture.link.since, shape: "failed" };
  if (connection.state === "up" && picture.link.storage === "down")
    return { kind: "storage", since: picture.link.storage_since, shape: "failed" };
  if (connection.state === "up" && picture.me.state === "unavailable")
    return { kind: "phone", since: picture.me.since, shape: "failed" };
  if (connection.state === "up" && picture.link.mail_since)
    return { kind: "mail", since: picture.link.mail_since, shape: "failed" };
  return null;
}

/** Of these the conversation and what is typed hear nothing. */
const APART = new Set(["phone", "mail"]);

/** Only what holds: the conversation where there is one, the letters where some are typed. */
function more(desk, kind) {
  const letters = desk.drafts.whereabouts();
  return [
    !APART.has(kind) && desk.goesOn && t(`banner.${kind === "pbx" ? "unsure" : desk.goesOn}`),
    !APART.has(kind) && letters && t(`banner.letters_${letters}`),
    t(`banner.${kind}_more`),
  ];
}

customElements.define(
  "desk-banner",
  class extends View {
    build() {
      this.icon = shape("failed");
      this.what = h("strong");
      this.more = h("span");
      this.timer = document.createElement("desk-timer");
      this.append(this.icon, h("p", {}, this.what, " ", this.more), this.timer);
    }

    update(desk) {
      const now = trouble(desk);
      show(this, now);
      if (!now) return;
      setShape(this.icon, now.shape);
      attr(this, "data-kind", now.kind);
      text(this.what, t(`banner.${now.kind}`));
      text(this.more, more(desk, now.kind).filter(Boolean).join(" "));
      this.timer.set(now.since);
    }
  },
);
