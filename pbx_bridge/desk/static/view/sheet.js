// The sheet behind "?": every key, and the few choices of this person at this machine.

import { KEYS } from "../keys.js";
import { h } from "../dom.js";
import { askToNotify } from "../signal.js";
import { prefs, setPref } from "../prefs.js";
import { locale, t } from "../texts.js";

const LANGUAGE = "/desk/language";

const dialog = () => document.getElementById("sheet");

export function toggleSheet() {
  const node = dialog();
  if (!node.childElementCount) node.append(...content());
  if (node.open) node.close();
  else node.showModal();
}

const row = (id) =>
  h("div", {}, h("dt", {}, h("kbd", {}, t(`keys.${id}.cap`))), h("dd", {}, t(`keys.${id}.label`)));

function content() {
  return [
    h(
      "header",
      {},
      h("h2", {}, t("sheet.title")),
      h(
        "button",
        { type: "button", class: "button is-quiet", onclick: toggleSheet },
        t("sheet.close"),
        h("kbd", {}, t("keys.leave.cap")),
      ),
    ),
    h("dl", { class: "sheet-keys" }, ...KEYS.map((entry) => row(entry.id))),
    h("p", { class: "muted" }, t("sheet.fields")),
    h("h3", { class: "label" }, t("sheet.choices")),
    h(
      "div",
      { class: "sheet-choices" },
      h("div", { class: "sheet-selects" }, theme(), language()),
      ...["sound", "notify", "letters"].map(check),
    ),
  ];
}

function theme() {
  const options = ["auto", "light", "dark"].map((name) =>
    h("option", { value: name }, t(`sheet.theme_${name}`)),
  );
  const select = h("select", { id: "theme", onchange: () => setPref("theme", select.value) }, ...options);
  select.value = prefs.theme;
  return h("label", { class: "check", for: "theme" }, t("sheet.theme"), select);
}

/** Kept with the log-in, not at this machine; the page comes back in it, with every letter of the note. */
function language() {
  const token = document.querySelector(".leave [name=csrf]").value;
  const known = JSON.parse(document.getElementById("languages").textContent);
  const options = Object.entries(known).map(([code, name]) => h("option", { value: code, lang: code }, name));
  const select = h("select", { id: "language", name: "locale" }, ...options);
  select.value = locale;
  const form = h(
    "form",
    { method: "post", action: LANGUAGE },
    h("input", { type: "hidden", name: "csrf", value: token }),
    h("label", { class: "check", for: "language" }, t("sheet.language"), select),
  );
  select.onchange = () => form.submit();
  return form;
}

function check(name) {
  const box = h("input", {
    type: "checkbox",
    onchange: async () => {
      if (name === "notify" && box.checked) box.checked = await askToNotify();
      setPref(name, box.checked);
    },
  });
  box.checked = prefs[name];
  return h("label", { class: "check" }, box, t(`sheet.${name}`));
}
