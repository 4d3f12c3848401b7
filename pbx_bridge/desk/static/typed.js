// What is typed and pasted, as the server keeps it (rules/text/typed_text.py): what differed would come back as another's words.

const BREAK = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const UNSEEN = /[\0-\b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Of several lines. */
export const lines = (text) => (text.toWellFormed?.() ?? text).replace(BREAK, "\n").replace(UNSEEN, "");

/** Of one line: breaks and tabs are spaces. */
export const line = (text) => lines(text).replace(/[\n\t]/g, " ");

const SEVERAL = new Set(["concern", "message_to_caller"]);

/** Whether a standard field of the note has several lines. */
export const ofSeveral = (name) => SEVERAL.has(name);

/** The value of a field as it is kept; a company's own (`fields.…`) may have several lines. */
export function cleanedValue(name, value) {
  if (typeof value !== "string") return value;
  return ofSeveral(name) || name.startsWith("fields.") ? lines(value) : line(value);
}

const mapped = (object, clean) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, clean(value, name)]));

/** The fields of a note that are named here, each as it is kept. */
export function cleaned(fields) {
  return mapped(fields, (value, name) => (name === "fields" ? mapped(value, (text) => lines(text)) : cleanedValue(name, value)));
}
