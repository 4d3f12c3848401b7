// Times: durations that tick on the server's clock, and moments in the company's own zone.

import { duration, serverNow, setServerTime, Timer } from "../web/ticking.js";
import { locale, t } from "./texts.js";

export { duration, setServerTime };

/** Within how many seconds a call is to be answered, as the house has set it. */
export const SERVICE_LEVEL = Number(document.getElementById("desk").dataset.inTime);

const tag = locale === "de" ? "de-DE" : "en-GB";
const formats = new Map();

function parts(date, zone) {
  if (!formats.has(zone)) {
    const options = {
      timeZone: zone || undefined,
      weekday: "short",
      day: "2-digit",
      month: "2-digit",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    };
    formats.set(zone, new Intl.DateTimeFormat(tag, options));
  }
  return Object.fromEntries(
    formats
      .get(zone)
      .formatToParts(date)
      .map((p) => [p.type, p.value.replace(/\.$/, "")]),
  );
}

export function clock(iso, zone) {
  const p = parts(new Date(iso), zone);
  return `${p.hour}:${p.minute}`;
}

/** "Mo 23.11." or "Mon 23 Nov": one form for a day in the whole house. */
function day(date, zone) {
  const p = parts(date, zone);
  return locale === "de" ? `${p.weekday} ${p.day}.${p.month}.` : `${p.weekday} ${p.day} ${t(`months.${Number(p.month)}`)}`;
}

/** "10:41" today, else with the day before it. */
export function moment(iso, zone) {
  const date = new Date(iso);
  const today = day(new Date(serverNow()), zone) === day(date, zone);
  return today ? clock(iso, zone) : `${day(date, zone)} ${clock(iso, zone)}`;
}

/** "bis 14:00 Uhr", "bis Fr 27.11.": midnight is the end of the day before, as people say it. */
export function until(iso, zone) {
  const p = parts(new Date(iso), zone);
  if (p.hour === "00" && p.minute === "00")
    return t("time.until_day", { day: day(new Date(Date.parse(iso) - 1), zone) });
  const today = day(new Date(serverNow()), zone) === day(new Date(iso), zone);
  const words = { day: day(new Date(iso), zone), clock: clock(iso, zone) };
  return t(today ? "time.until_clock" : "time.until_both", words);
}

/** "ab 14:00 Uhr wieder erreichbar": for whoever is away outside working hours. */
export function backFrom(iso, zone) {
  const date = new Date(iso);
  const words = { day: day(date, zone), clock: clock(iso, zone) };
  const today = day(new Date(serverNow()), zone) === words.day;
  return t(today ? "time.back_clock" : "time.back_both", words);
}

/** <desk-timer> */
customElements.define("desk-timer", class extends Timer {});
