// Times: durations that tick on the server's clock, and moments in the company's own zone.

import { duration, serverNow, setServerTime, Timer } from "../web/ticking.js";
import { partsOf } from "../web/moments.js";
import { t } from "./texts.js";

export { duration, setServerTime };

/** Within how many seconds a call is to be answered, as the house has set it. */
export const SERVICE_LEVEL = Number(document.getElementById("desk").dataset.inTime);

export function clock(iso, zone) {
  return partsOf(new Date(iso), zone).clock;
}

/** "Mo 23.11." or "Mon 23 Nov": one form for a day in the whole house. */
function day(date, zone) {
  return t("time.day", partsOf(date, zone));
}

/** Whether this is a moment of today there; the words of a day have no year. */
function isToday(date, zone) {
  const [now, then] = [new Date(serverNow()), date].map((one) => partsOf(one, zone));
  return now.year === then.year && now.month === then.month && now.day === then.day;
}

/** "10:41" today, else with the day before it. */
export function moment(iso, zone) {
  const date = new Date(iso);
  return isToday(date, zone) ? clock(iso, zone) : `${day(date, zone)} ${clock(iso, zone)}`;
}

/** "bis 14:00 Uhr", "bis Fr 27.11.": midnight is the end of the day before, as people say it. */
export function until(iso, zone) {
  const p = partsOf(new Date(iso), zone);
  if (p.hour === "00" && p.minute === "00")
    return t("time.until_day", { day: day(new Date(Date.parse(iso) - 1), zone) });
  const words = { day: day(new Date(iso), zone), clock: clock(iso, zone) };
  return t(isToday(new Date(iso), zone) ? "time.until_clock" : "time.until_both", words);
}

/** "ab 14:00 Uhr wieder erreichbar": for whoever is away outside working hours. */
export function backFrom(iso, zone) {
  const date = new Date(iso);
  const words = { day: day(date, zone), clock: clock(iso, zone) };
  return t(isToday(date, zone) ? "time.back_clock" : "time.back_both", words);
}

/** <desk-timer> */
customElements.define("desk-timer", class extends Timer {});
