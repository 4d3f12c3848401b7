// What both faces count from a picture, and the element in which a figure stands.

import { h, text } from "../web/dom.js";
import { locale, t } from "../web/texts.js";
import { Timer } from "../web/ticking.js";

customElements.define("floor-timer", class extends Timer {});

const percent = new Intl.NumberFormat(locale, {
  style: "percent",
  maximumFractionDigits: 0,
});

/** "92 %"; nothing decided yet means no figure, never 0 or 100. Never rounded up to a promise that was broken once. */
export function share(inTime, decided) {
  if (!decided) return t("figures.none");
  return percent.format(Math.floor((inTime * 100) / decided) / 100);
}

/** The whole day: the sum of all companies. */
export function day(view) {
  const sum = (name) => view.companies.reduce((total, row) => total + row[name], 0);
  return {
    calls: sum("calls"),
    inTime: sum("in_time"),
    decided: sum("decided"),
    abandoned: sum("abandoned"),
  };
}

/** Since when the call waits that waits longest, or null. */
export const longest = (view) => view.waiting[0]?.since ?? null;

/** A figure with its word: `set(value)` for a text, `since(moment)` for a time that runs. */
export function figure(word, kind) {
  const value = h("dd");
  const timer = document.createElement("floor-timer");
  const label = h("dt", {}, word);
  const node = h("div", { class: "figure", "data-kind": kind }, label, value);
  return Object.assign(node, {
    label,
    set: (shown) => text(value, shown),
    since: (moment, otherwise) => {
      if (!moment) return text(value, otherwise);
      if (timer.parentNode !== value) value.replaceChildren(timer);
      timer.set(moment);
    },
  });
}

/** Calm until it matters: late when somebody waits longer than the service level allows. */
export function late(view, now) {
  const since = longest(view);
  return Boolean(since) && now - Date.parse(since) > view.in_time_seconds * 1000;
}
