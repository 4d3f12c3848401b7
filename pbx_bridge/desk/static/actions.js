// What a person can do, each deed once; keys and buttons both come here.

import { backToTop, fieldFocus, firstGap, focusCentre, focusIn } from "./focus.js";
import { missing, savedAs, wantsCallback } from "./note.js";
import { newId } from "./socket.js";
import { t, why } from "./texts.js";
import { moment } from "./time.js";

const UNSURE = new Set(["outcome_unknown", "no_answer"]); // it may have been done: the same id asks again
const TROUBLE = new Set([...UNSURE, "offline", "storage_down", "internal", "pbx_down", "no_answer_from_pbx", "overloaded"]);
const PBX = new Set(["pbx_down", "no_answer_from_pbx"]); // it carries the conversation, too, and may be gone with it
const AGAIN = new Set([...UNSURE, "offline", "storage_down", "internal", "overloaded"]); // the same key tries again

const onceOf = (type, call) => `${type} ${call ?? ""}`;

async function command(desk, type, rest = {}) {
  const once = onceOf(type, rest.call);
  if (desk.pending.has(once)) return null;
  desk.pending.add(once);
  const answer = await desk.socket.send({ type, ...rest });
  desk.pending.delete(once);
  if (!answer.ok) refuse(desk, type, answer);
  return answer;
}

/** Why not, and what is safe: the letters, which one key sends again, and the conversation where there is one. */
function refuse(desk, type, answer) {
  const saving = type === "save_note" && AGAIN.has(answer.code);
  const words = saving ? (UNSURE.has(answer.code) ? "refused_unsure" : "refused_saving") : "refused";
  const said = t(words, { what: t(`commands.${type}`), why: why(answer.code, answer.params) });
  const goesOn = desk.goesOn && TROUBLE.has(answer.code) ? ` ${t(`banner.${PBX.has(answer.code) ? "unsure" : desk.goesOn}`)}` : "";
  desk.notice("refused", said + goesOn);
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

/** Who waits there comes next, and to nobody else. */
export const fetchCaller = (desk, call) => command(desk, "pick", { call });

/** Another agent: asked first, or (`give`) the call is theirs as soon as they pick up. */
export function askColleague(desk, colleague, give) {
  focusCentre();
  return command(desk, "ask_colleague", { call: desk.current.view.call, colleague, give });
}

/** Somebody outside, asked first as an employee is. */
export function ringNumber(desk, number, mode) {
  focusCentre();
  return command(desk, "ring_number", { call: desk.current.view.call, number, mode });
}

/** The field for a number takes its room only while somebody wants it. */
export function writeNumber(desk) {
  desk.outside = desk.current.view.call;
  desk.changed();
  queueMicrotask(() => focusIn("desk-numbers input"));
}

export function leaveNumber(desk) {
  desk.outside = null;
  desk.changed();
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

export function closeDock(desk) {
  desk.dock = null;
  desk.changed();
}

/** Out of a field, or out of the note; what was opened for the field is closed. */
export function leaveField(desk, field) {
  if (field.closest("desk-dock")) closeDock(desk);
  if (field.closest("desk-numbers")) leaveNumber(desk);
  if (field.closest("desk-note")) forgetErrors(desk);
  focusCentre();
}

/** The whole greeting again, or one line of it. */
export function turnGreeting(desk) {
  desk.said.turn(desk.current);
  desk.changed();
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
  if (!open || ["offered", "asked"].includes(open.view.phase)) return;
  const call = open.view.call;
  if (desk.pending.has(onceOf("save_note", call))) return; // what was typed since is not in it, and is kept as a draft
  const body = desk.drafts.body(call);
  const standing = savedAs(open, body);
  if (standing && !standing.changed)
    return desk.notice("info", t("note.unchanged", { at: moment(standing.at) }));
  const gaps = missing(open, body);
  if (Object.keys(gaps).length) return showErrors(desk, call, gaps);
  const words = JSON.stringify(body);
  if (saves.get(call)?.words !== words) saves.set(call, { id: newId(), words });
  desk.untold = false;
  desk.drafts.saving(call, body);
  const contained = desk.drafts.contained(call);
  const answer = await command(desk, "save_note", { call, body, ...contained, id: saves.get(call).id });
  if (answer) afterSaving(desk, open, answer);
}

function afterSaving(desk, open, answer) {
  const call = open.view.call;
  if (!UNSURE.has(answer.code)) saves.delete(call);
  if (answer.ok) {
    desk.errors.delete(call);
    if (desk.untold) return; // the notice says what became of it
    const words = (open.view.correction ?? open.view.noted) ? "note.corrected" : "note.saved";
    return desk.notice("good", t(words, { company: open.pop.company.name || t("company.unassigned") }));
  }
  if (!UNSURE.has(answer.code)) desk.drafts.notSaved(call);
  if (Object.keys(answer.fields ?? {}).length) showErrors(desk, call, answer.fields);
}

/** The server's name of a field, as the form calls it. */
const fieldOf = (name) => (name === "callback_number" ? "callback" : name.replace(/^fields\./, ""));

/** Whoever leaves the note does not save it now: what lacks is said when they do. */
function forgetErrors(desk) {
  if (desk.errors.delete(desk.current?.view.call)) desk.changed();
}

function showErrors(desk, call, fields) {
  desk.errors.set(
    call,
    Object.fromEntries(Object.entries(fields).map(([name, code]) => [fieldOf(name), code])),
  );
  desk.changed();
  setTimeout(() => fieldFocus(document.querySelector("desk-note [aria-invalid=true]")));
}

/** What was typed is not wanted: from this page, on purpose. */
async function without(desk, type, rest = {}) {
  const call = desk.current?.view.call;
  if (!call) return;
  desk.unwanted.add(call);
  const answer = await command(desk, type, { call, ...rest });
  if (answer && !answer.ok) desk.unwanted.delete(call);
}

export function closeCall(desk, reason) {
  desk.menu = null;
  desk.changed();
  return without(desk, "close_call", { reason });
}

/** Lays one of the last notes open again; the last one when none is named. */
export async function correct(desk, note = desk.picture.notes[0]) {
  const answer = await command(desk, "correct_note", { note: note.id });
  if (!answer?.ok) return;
  desk.turnTo(note.call);
  setTimeout(writeNote);
}

/** Back to whoever is on the line; the correction stays open beside it. */
export const toLive = (desk) => desk.turnTo(desk.live.view.call);

export const putAway = (desk) => without(desk, "put_away");

const onBlock = (type) => (desk) =>
  desk.picture.block && command(desk, type, { call: desk.picture.block.call });

export const blockCaller = onBlock("block_caller");
export const releaseCaller = onBlock("release_caller");
export const putOffBlock = onBlock("put_off_block");

export const dismiss = (desk) => desk.dismissNewest();
export const dismissPassing = (desk) => desk.dismissNewest(true);

export const textBlocks = (desk) => desk.dispatchEvent(new Event("text_blocks"));

export const sheet = (desk) => desk.dispatchEvent(new Event("sheet"));
