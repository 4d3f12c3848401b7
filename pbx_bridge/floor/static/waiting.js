// The waiting list: company, VIP, and for how long; the longest first.

import { attr, h, keyed, shape, setShape, show } from "../web/dom.js";
import { t } from "../web/texts.js";
import { companyTag, setCompany } from "./company.js";

export function waitingRows(list, waiting) {
  keyed(list, waiting, (call) => call.id, create, update);
}

function create() {
  const company = companyTag();
  const vip = h("span", { class: "vip" }, t("waiting.vip"));
  const icon = shape("waiting");
  const word = h("span", { class: "sr-only" }, t("waiting.ringing"));
  const timer = document.createElement("floor-timer");
  const row = h("li", {}, icon, company, vip, word, timer);
  return Object.assign(row, { company, vip, icon, word, timer });
}

function update(row, call) {
  setCompany(row.company, call.company);
  show(row.vip, call.vip);
  setShape(row.icon, call.ringing ? "ringing" : "waiting");
  attr(row.icon, "data-ringing", call.ringing);
  show(row.word, call.ringing);
  row.timer.set(call.since);
}
