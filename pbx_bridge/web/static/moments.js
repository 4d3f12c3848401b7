// Days and times in the reader's language; in which order they stand the catalogue says.

import { locale } from "./texts.js";

const formats = new Map();

/** What a catalogue may say of a moment: weekday, day, month, month_name, year and clock; `zone`: IANA, else this machine's. */
export function partsOf(date, zone) {
  if (!formats.has(zone)) formats.set(zone, [format(zone, "2-digit"), format(zone, "short")]);
  const [figures, names] = formats.get(zone).map((one) => parts(one, date));
  return { ...figures, month_name: names.month, clock: `${figures.hour}:${figures.minute}` };
}

function format(zone, month) {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone || undefined,
    weekday: "short",
    day: "2-digit",
    month,
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

function parts(format, date) {
  return Object.fromEntries(format.formatToParts(date).map((p) => [p.type, p.value.replace(/\.$/, "")]));
}
