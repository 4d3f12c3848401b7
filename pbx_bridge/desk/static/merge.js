// Two windows of one agent have typed on since they had the same note: one note of both, in which no typed letter is missing. Pure.

import { differing, same, valueOf } from "./body.js";
import { cleanedValue, ofSeveral } from "./typed.js";

const CHOSEN = new Set(["urgent", "callback_wanted"]);

const alike = (name, a, b) => same(cleanedValue(name, a), cleanedValue(name, b));

/** Whether the server, which keeps no letters that nobody sees, means just this. */
export const means = (a, b) => differing(a, b).every((name) => alike(name, valueOf(a, name), valueOf(b, name)));

/**
 * `theirs`, with what was typed here. `known`: what the server had from here or told before, the newest last, which is what both
 * have typed on. `chosen(name)`: one of several is chosen there, nothing is typed.
 * → { body, both }; `both`: fields in which both have typed, and which have both texts now.
 */
export function together({ known, mine, theirs, chosen = () => false }) {
  const result = {};
  const both = [];
  for (const name of differing(mine, theirs)) {
    const [own, other] = [valueOf(mine, name), valueOf(theirs, name)];
    const before = known.map((body) => valueOf(body, name));
    if (before.some((value) => alike(name, value, other))) result[name] = own;
    else if (alike(name, before.at(-1), own)) continue;
    else if (Array.isArray(own)) result[name] = listed(before.at(-1), own, other);
    else if (typeof own !== "string" || CHOSEN.has(name) || chosen(name)) result[name] = own;
    else {
      result[name] = blended(before.at(-1), own, other, ofSeveral(name) ? "\n" : " / ");
      if (![own, other].includes(result[name])) both.push(name);
    }
  }
  return { body: withValues(theirs, result), both };
}

/** The same with these values: field → value. */
export function withValues(body, values) {
  const changed = { ...body, fields: { ...body.fields } };
  for (const [name, value] of Object.entries(values))
    if (name.startsWith("fields.")) changed.fields[name.slice("fields.".length)] = value;
    else changed[name] = value;
  return changed;
}

const listed = (before, own, other) => [
  ...other.filter((one) => own.includes(one) || !before.includes(one)),
  ...own.filter((one) => !before.includes(one) && !other.includes(one)),
];

/** One text of two that began as `before`: both changes where they were made, or both texts where that cannot be told. */
export function blended(before, own, other, between) {
  const [a, b] = [changeOf(before, own), changeOf(before, other)];
  if (a.from === a.to && b.from === b.to && a.from === b.from)
    return before.slice(0, a.from) + inserted(before.slice(0, a.from), a.text, b.text, between) + before.slice(a.from);
  if (a.to <= b.from) return spliced(before, a, b);
  if (b.to <= a.from) return spliced(before, b, a);
  return side(own, other, between);
}

/** How one text became the other: `text` in the place of what stood between `from` and `to`. */
function changeOf(before, after) {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let end = 0;
  while (end < most - from && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from, to: before.length - end, text: after.slice(from, after.length - end) };
}

const spliced = (before, first, second) =>
  before.slice(0, first.from) + first.text + before.slice(first.to, second.from) + second.text + before.slice(second.to);

/** Two that were typed at the same place: the other may go on with a word that was sent in its middle. */
function inserted(before, own, other, between) {
  const goesOn = (text) => /\S$/.test(before) && /^\S/.test(text);
  if (goesOn(other) && !goesOn(own)) return other + own;
  return side(own, other, before && /^\s/.test(other) ? "" : between);
}

/** What was typed here stands first, so that the next letter goes on in it. */
function side(own, other, between) {
  if (contains(other, own, between)) return other;
  if (contains(own, other, between)) return own;
  return own + between + other;
}

/** Whether one goes on from the other, or has been put together with it already; a letter that both have is no such thing. */
const contains = (text, part, between) =>
  text.startsWith(part) || (between !== "" && (between + text + between).includes(between + part + between));
