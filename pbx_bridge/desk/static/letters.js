// Where a letter is a letter: in every field, anywhere in the note, and wherever Tab has led on from there.

const FIELD_MEMORY_MS = 700; // letters still in the fingers when the focus was moved must not become commands
const NOTE = "section.note";

/** Somebody can type here. In a sheet that has just closed the focus stays for a moment, but nobody types. */
export const isField = (node) =>
  Boolean(node?.matches?.("input, textarea, select, [contenteditable]")) && node.checkVisibility();

const inNote = (node) => Boolean(node?.closest?.(NOTE)?.checkVisibility());

let led = false; // past the last field: still writing, until a deed or the pointer says otherwise
let lastLetter = -Infinity; // that somebody wrote
let lastLost = -Infinity; // that went nowhere
let deed = { key: "", at: -Infinity }; // the last single key that did something, until another is pressed

/** Whether somebody with the focus there writes: single keys are no commands then. */
export const writes = (node) => isField(node) || inNote(node) || led;

/** The focus was moved by what happened, not by a person: a word goes on, a way by Tab does not. */
export function ledNoFurther() {
  led = false;
}

/** Letters that led on from a field on purpose (Enter, Esc, a key with Ctrl or Alt) are done with: the next key is a command. */
export function lettersDone() {
  lastLetter = lastLost = -Infinity;
  led = false;
}

/** A single key has done something. */
export function noteDeed(event) {
  deed = { key: event.key, at: event.timeStamp };
}

/**
 * The same key once more, held down or in a hurry, in a field to which its deed has led meanwhile: it is no letter. A text
 * may begin with any letter, and with no space.
 */
export function isEcho(event) {
  if (event.key !== deed.key || event.altKey || event.ctrlKey || event.metaKey) return false;
  return event.repeat || (event.key === " " && event.timeStamp - deed.at < FIELD_MEMORY_MS);
}

/** True for a single letter that is still meant for the field before, however long the word goes on. */
export function stillMeant(event) {
  const meant = event.timeStamp - lastLetter < FIELD_MEMORY_MS;
  if (meant) lastLetter = event.timeStamp;
  return meant;
}

/** Whatever is pressed while somebody writes. */
export function noteLetter(event) {
  deed = { key: "", at: -Infinity };
  if (event.key === "Tab") led ||= inNote(event.target);
  else if (event.key.length === 1) lastLetter = event.timeStamp;
}

/** A letter at a button, or the space within such a word, which presses no button: it goes nowhere. */
export function isLost(event) {
  const letter = event.key.length === 1 && event.key !== " ";
  const within = [" ", "Enter"].includes(event.key) && event.timeStamp - lastLost < FIELD_MEMORY_MS;
  const lost = !isField(event.target) && (letter || within);
  if (lost) lastLost = event.timeStamp;
  return lost;
}

/** The pointer says where one is. */
export function followPointer() {
  document.addEventListener("pointerdown", lettersDone, { capture: true });
}
