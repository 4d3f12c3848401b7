// A caller out of the waiting list: one button a row; up and down lead from row to row.

import { fetchCaller } from "../actions.js";
import { attr, h, show, text } from "../dom.js";
import { pickable } from "../focus.js";
import { mayPick } from "../offered.js";
import { t } from "../texts.js";

export function makePick() {
  const by = h("span", { class: "pick-by muted" });
  const button = h("button", { type: "button", class: "pick button is-quiet" }, t("pick.act"));
  return Object.assign(h("span", { class: "pick-place" }, by, button), { by, button });
}

export function updatePick(place, item, desk) {
  show(place.button, mayPick(desk, item));
  attr(place.button, "aria-label", t("pick.act_of", { company: item.company || t("company.unassigned") }));
  attr(place.button, "aria-disabled", desk.online ? null : "true");
  place.button.onclick = () => fetchCaller(desk, item.call);
  show(place.by, item.picked_by);
  text(place.by, item.picked_by ? t("pick.by", { by: item.picked_by }) : "");
}

/** Arrows belong to the list while it has the focus. */
export function followArrows(list) {
  list.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = pickable();
    const at = all.indexOf(document.activeElement);
    if (!by || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, at + by))].focus();
  });
}
