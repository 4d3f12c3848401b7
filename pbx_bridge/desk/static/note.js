// What a note still lacks before it can be saved; the server asks the same again and has the last word.

import { differing, EMPTY_NOTE } from "./body.js";

/** Whether a call-back is wanted: as the agent said, else as the service reads the note, else as long as there is a number. */
export function wantsCallback({ view }, body, readings) {
  if (body.callback_wanted !== null) return body.callback_wanted;
  const there = Boolean(body.callback.trim() || body.callback_by.trim());
  return there && !view.joined_with && !view.joined_number && (readings.wanted(view.call) ?? true);
}

/** Field → code. After a successful put-through the employee has spoken with the caller: name is enough. */
export function missing({ pop, view }, body) {
  const short = Boolean(view.joined_with);
  const gaps = {};
  if (!body.name.trim()) gaps.name = "required";
  if (!short && !body.concern.trim()) gaps.concern = "required";
  for (const field of short ? [] : pop.note_fields) {
    if (field.required && !(body.fields[field.key] ?? "").trim()) gaps[field.key] = "required";
  }
  return gaps;
}

/** The note as it was saved last: { at, changed } against what is typed now; null when it was never saved. */
export function savedAs({ view: { noted, correction } }, body) {
  const last = (correction ?? noted)?.versions.at(-1);
  if (!last) return null;
  // Nobody said anything of a call-back since: then what was understood still holds.
  const said = body.callback_wanted === null ? { callback_wanted: null } : {};
  return { at: last.at, changed: differing({ ...EMPTY_NOTE, ...last.body, ...said }, body).length > 0 };
}
