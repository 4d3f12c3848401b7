// What a person can do, each deed once; keys and buttons both come here.

import { fieldFocus, firstGap } from "./view/fields.js";
import { backToTop, focusCentre, focusIn } from "./focus.js";
import { missing, wantsCallback } from "./note.js";
import { newId } from "./socket.js";
import { t, why } from "./texts.js";

async function command(desk, type, rest = {}) {
  const once = `${type} ${rest.call ?? ""}`;
  if (desk.pending.has(once)) return null;
  desk.pending.add(once);
  const answer = await desk.socket.send({ type, ...rest });
  desk.pending.delete(once);
  if (!answer.ok) refuse(desk, type, answer);
  return answer;
}

function refuse(desk, type, answer) {
  desk.notice("refused", t("refused", { what: t(`commands.${type}`), why: why(answer.code, answer.params) }));
}

const onCall = (type) => (desk) => desk.current && command(desk, type, { call: desk.current.view.call });

export const hold = onCall("hold");
export const connect = onCall("connect");
export const switchOver = onCall("switch");
export const back = onCall("back");
export const cancel = onCall("cancel");
export const hangUp = onCall("hang_up");

export function ring(desk, mode) {
  const employee = desk.choice;
  if (!employee) return focusIn("desk-employees input");
  focusCentre();
  return command(desk, "ring", { call: desk.current.view.call, employee: employee.id, mode });
}

export function ready(desk) {
  desk.menu = null;
  return command(desk, "ready");
}

export function pause(desk, reason) {
  desk.menu = null;
  desk.changed();
  return reason === "sign_out" ? command(desk, "sign_out") : command(desk, "pause", { reason });
}

export const search = () => focusIn("desk-employees input");
export const writeNote = () => fieldFocus(firstGap());

/** Yes becomes no; from now on it is what the agent said. */
export function flipCallback(desk) {
  const open = desk.current;
  if (!open) return;
  const body = desk.drafts.body(open.view.call);
  desk.drafts.edit(open.view.call, { callback_wanted: !wantsCallback(open, body, desk.readings) });
  desk.changed();
}

export function openDock(desk, name) {
  desk.dock = desk.dock === name ? null : name;
  desk.changed();
  if (desk.dock === "faq") queueMicrotask(() => focusIn("desk-dock input"));
}

/** Up and down in the list as it is shown; from nobody, the first. */
export function step(desk, by) {
  const at = desk.shown.findIndex((employee) => employee.id === desk.choice?.id);
  const next = at < 0 ? 0 : Math.min(desk.shown.length - 1, Math.max(0, at + by));
  if (desk.shown[next]) desk.choose(desk.shown[next]);
}

export function pick(desk, index) {
  if (!desk.shown[index]) return;
  desk.choose(desk.shown[index]);
  backToTop();
}

const saves = new Map(); // call → { id, words }: the same note pressed twice is one command

export async function saveNote(desk) {
  const open = desk.current;
  if (!open || open.view.phase === "offered") return;
  const call = open.view.call;
  const body = desk.drafts.body(call);
  const gaps = missing(open, body);
  if (Object.keys(gaps).length) return showErrors(desk, call, gaps);
  const words = JSON.stringify(body);
  if (saves.get(call)?.words !== words) saves.set(call, { id: newId(), words });
  const answer = await command(desk, "save_note", { call, body, id: saves.get(call).id });
  if (!answer) return;
  if (answer.code !== "outcome_unknown" && answer.code !== "offline") saves.delete(call);
  if (answer.ok) {
    desk.errors.delete(call);
    const words = open.view.correction ? "note.corrected" : "note.saved";
    desk.notice("good", t(words, { company: open.pop.company.name }));
  } else if (Object.keys(answer.fields ?? {}).length) showErrors(desk, call, answer.fields);
}

/** The server's name of a field, as the form calls it. */
const fieldOf = (name) => (name === "callback_number" ? "callback" : name.replace(/^fields\./, ""));

function showErrors(desk, call, fields) {
  desk.errors.set(
    call,
    Object.fromEntries(Object.entries(fields).map(([name, code]) => [fieldOf(name), code])),
  );
  desk.changed();
  setTimeout(() => fieldFocus(document.querySelector("desk-note [aria-invalid=true]")));
}

export function closeCall(desk, reason) {
  desk.menu = null;
  desk.changed();
  return onCallWith(desk, "close_call", { reason });
}

/** Lays one of the last notes open again; the last one when none is named. */
export async function correct(desk, note = desk.picture.notes[0]) {
  const answer = await command(desk, "correct_note", { note: note.id });
  if (!answer?.ok) return;
  desk.turnTo(note.call);
  setTimeout(writeNote);
}

export const putAway = onCall("put_away");

const onCallWith = (desk, type, rest) =>
  desk.current && command(desk, type, { call: desk.current.view.call, ...rest });

const onBlock = (type) => (desk) =>
  desk.picture.block && command(desk, type, { call: desk.picture.block.call });

export const blockCaller = onBlock("block_caller");
export const releaseCaller = onBlock("release_caller");
export const putOffBlock = onBlock("put_off_block");

export const sheet = (desk) => desk.dispatchEvent(new Event("sheet"));
