// A company: its chip of colour beside its name.

import { attr, h, text } from "../web/dom.js";
import { t } from "../web/texts.js";

export function companyTag() {
  return h("span", { class: "company" });
}

export function setCompany(node, company) {
  attr(node, "data-hue", company.id === null ? null : company.hue);
  text(node, company.name || t("waiting.unassigned"));
}
