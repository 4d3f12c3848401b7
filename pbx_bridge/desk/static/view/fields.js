// One field of the note: label above, control, and in words below it what is wrong.

import { attr, h, show, text } from "../dom.js";
import { maybe, t } from "../texts.js";

let serial = 0;

/** `spec`: { name, label, kind, required, choices, hint, help }. `typed(value)` is called at every key. */
export function makeField(spec, typed) {
  const id = `field-${++serial}`;
  const control = makeControl(spec, id);
  control.addEventListener("input", () => typed(control.value));
  const error = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const reading = h("p", { class: "field-reading", id: `${id}-reading`, hidden: true });
  const help = h("p", { class: "field-help", id: `${id}-help`, hidden: !spec.help }, spec.help ?? "");
  const mark = h("span", { class: "field-mark", "aria-hidden": "true" });
  const label = h("label", { for: id }, spec.label, mark);
  const node = h("div", { class: `field field-${spec.kind}`, "data-name": spec.name }, label, control, help, reading, error);
  const field = Object.assign(node, { control, help, reading, error, mark, required: Boolean(spec.required) });
  describe(field);
  return field;
}

function makeControl({ kind, choices = [], hint = "", name }, id) {
  const common = { id, name, autocomplete: "off", placeholder: hint || null };
  if (kind === "long") return h("textarea", { ...common, rows: "4" });
  if (kind === "choice")
    return h(
      "select",
      common,
      ...["", ...choices].map((choice) => h("option", { value: choice }, choice || t("note.choose"))),
    );
  if (kind === "yesno") {
    return h(
      "select",
      common,
      ...["", "yes", "no"].map((value) =>
        h("option", { value }, value ? t(`note.${value}`) : t("note.choose")),
      ),
    );
  }
  if (kind === "phone") return h("input", { ...common, type: "tel" });
  if (kind === "number") return h("input", { ...common, type: "text", inputmode: "decimal" });
  return h("input", { ...common, type: "text" });
}

/** The value, without touching what is being typed there; letters that come from elsewhere leave the cursor where one writes. */
export function setValue({ control }, value) {
  const before = control.value;
  if (before === value) return;
  const at = document.activeElement === control ? (control.selectionEnd ?? null) : null;
  control.value = value;
  if (at === null || before === control.value) return;
  const cursor = value.startsWith(before.slice(0, at)) ? at : Math.max(0, value.length - (before.length - at));
  control.setSelectionRange(cursor, cursor);
}

export function setRequired({ control, mark }, yes) {
  text(mark, yes ? " *" : "");
  attr(control, "aria-required", yes ? "true" : null);
  attr(control, "data-required", yes);
}

export function setError(field, code) {
  show(field.error, code);
  if (code) text(field.error, maybe(`field_errors.${code}`) ?? t("field_errors.other"));
  attr(field.control, "aria-invalid", code ? "true" : null);
  describe(field);
}

/** How the server reads the field, in words below it; `fault`: it does not, which is no error before saving. */
export function setReading(field, words, fault = false) {
  show(field.reading, words && field.error.hidden);
  text(field.reading, words);
  attr(field.reading, "data-fault", fault);
  describe(field);
}

function describe({ control, help, reading, error }) {
  const ids = [help, reading, error].filter((node) => !node.hidden).map((node) => node.id);
  attr(control, "aria-describedby", ids.join(" ") || null);
}
