// A note as it is typed, field by field; the company's own fields are named "fields.<key>". Pure.

import { line } from "./typed.js";

export const EMPTY_NOTE = Object.freeze({
  name: "",
  company: "",
  callback: "",
  concern: "",
  fields: {},
  recipients: [],
  urgent: false,
  callback_by: "",
  message_to_caller: "",
  callback_wanted: null,
});

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The note before anything is typed: what is known of the caller. */
export function firstBody({ caller }) {
  return { ...EMPTY_NOTE, name: line(caller.name), company: line(caller.company), callback: line(caller.shown) };
}

const ownKey = (name) => (name.startsWith("fields.") ? name.slice("fields.".length) : null);

export function valueOf(body, name) {
  const key = ownKey(name);
  return key === null ? body[name] : (body.fields[key] ?? "");
}

/** Names of the fields in which two notes differ. */
export function differing(a, b) {
  const own = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
  const names = [
    ...Object.keys(EMPTY_NOTE).filter((name) => name !== "fields"),
    ...[...own].map((k) => `fields.${k}`),
  ];
  return names.filter((name) => !same(valueOf(a, name), valueOf(b, name)));
}

/** `theirs` with the fields `names` of `mine`. */
export function merged(mine, theirs, names) {
  const body = { ...theirs, fields: { ...theirs.fields } };
  for (const name of names) {
    const key = ownKey(name);
    if (key === null) body[name] = mine[name];
    else body.fields[key] = valueOf(mine, name);
  }
  return body;
}
