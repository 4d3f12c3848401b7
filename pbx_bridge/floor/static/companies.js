// The day of each company: calls, service level, longest wait, abandoned.

import { attr, h, keyed, show, text } from "../web/dom.js";
import { count } from "../web/texts.js";
import { duration, serverNow } from "../web/ticking.js";
import { companyTag, setCompany } from "./company.js";
import { share } from "./figures.js";

export function companyRows(body, view) {
  keyed(
    body,
    view.companies,
    (row) => row.company.id ?? "",
    create,
    (row, company) => update(row, company, view),
  );
}

function create() {
  const company = companyTag();
  const cells = Object.fromEntries(
    ["calls", "inTime", "longest", "abandoned"].map((name) => [name, h("td", { class: "number" })]),
  );
  const untold = h("span", { class: "untold", hidden: true });
  const row = h("tr", {}, h("th", { scope: "row" }, company, untold), ...Object.values(cells));
  return Object.assign(row, { company, untold, parts: cells });
}

function update(row, day, view) {
  setCompany(row.company, day.company);
  show(row.untold, day.untold);
  text(row.untold, day.untold ? count("companies.untold", day.untold) : "");
  text(row.parts.calls, String(day.calls));
  text(row.parts.inTime, share(day.in_time, day.decided));
  text(row.parts.longest, duration(longestWait(day, view)));
  text(row.parts.abandoned, String(day.abandoned));
  attr(row.parts.abandoned, "data-some", day.abandoned > 0);
}

/** Of today, in ms; whoever waits now counts too, so that a long wait is seen while it can still be ended. */
function longestWait(day, view) {
  const now = view.waiting
    .filter((call) => call.company.id === day.company.id)
    .map((call) => serverNow() - Date.parse(call.since));
  return Math.max(day.longest_wait * 1000, ...now);
}
