// Typed letters: kept at this machine at every key, sent after a short pause, and never given up before the server has them.

import { cleaned } from "./typed.js";
import { differing, EMPTY_NOTE, firstBody, merged, same, valueOf } from "./body.js";
import { backups, discard, drop, keep, sweep } from "./backup.js";
import { means, together, withValues } from "./merge.js";
import { newId } from "./socket.js";

const PAUSE = 300;
const LATE = 2500; // a healthy server has the letters long before; from then on the screen says that it has not
const REFUSED_PAUSE = 3000; // a full disk or a locked database heals; the letters wait here
const MOST_SENT = 8;
const UNSENT = new Set(["offline", "outcome_unknown"]); // these go out when the wire is back
const PRESET = ["name", "company", "callback"];

/**
 * One note a call: `base` is what the server has, `touched` what was typed here since (field → what stood there before), `sent`
 * what may have arrived, `seen` the server's newest draft that is in `body`. Windows write side by side: the server takes only what
 * was typed by somebody who has seen its newest draft, so each window puts that together with its own letters and sends both.
 * Events: "pushed" (detail: { call, answer }); "both" (detail: { call, names }) when two have typed in the same field; "change" when
 * a body, or what is known of it, changed without being typed here.
 */
export class Drafts extends EventTarget {
  agent = ""; // who types here
  #send;
  #notes = new Map(); // call → { body, base, touched, revision, stored, seen, sent, preset, asked, timer, flight, due, refused, backed, saving, choices }

  /** `send(call, { id, revision, base, body })` → the server's answer, however long it takes. */
  constructor(send) {
    super();
    this.#send = send;
    sweep();
  }

  /** Makes the note of a call known, or what is new about it: a draft of another tab, a caller who is known by now. */
  open({ pop, view, draft }) {
    const note = this.#notes.get(view.call);
    const saved = (view.correction ?? view.noted)?.versions.at(-1).body;
    if (!note) return this.#first(view.call, pop, draft ?? (saved && { revision: 0, body: saved }));
    note.choices = choicesOf(pop);
    if (draft) this.#remote(view.call, note, draft);
    else if (saved && !Object.keys(note.touched).length) note.base = note.body = { ...EMPTY_NOTE, ...saved };
    this.#prefill(view.call, note, pop);
  }

  body(call) {
    return this.#notes.get(call)?.body ?? EMPTY_NOTE;
  }

  /** What a note that is saved now contains: { revision, base, drafts }. */
  contained(call) {
    const { revision = 0, seen = 0, sent = [] } = this.#notes.get(call) ?? {};
    return { revision, base: seen, drafts: sent.map((one) => one.id) };
  }

  /** "kept" when the server has the newest letters, else "typed", and "late" when that takes too long; "" while nothing was typed. */
  state(call) {
    const note = this.#notes.get(call);
    if (!note?.revision) return "";
    if (note.stored === note.revision) return "kept";
    return note.refused || performance.now() > note.due ? "late" : "typed";
  }

  /** Where the letters of all notes are: "kept" by the server, "here" in this browser, on this "screen" only; "" while nothing was typed. */
  whereabouts() {
    const typed = [...this.#notes.values()].filter((note) => note.revision);
    const unsent = typed.filter((note) => note.stored < note.revision);
    if (unsent.some((note) => !note.backed)) return "screen";
    return unsent.length ? "here" : typed.length ? "kept" : "";
  }

  edit(call, patch) {
    const note = this.#notes.get(call);
    if (!note) return;
    const body = { ...note.body, ...cleaned(patch) };
    for (const name of differing(note.body, body)) note.touched[name] ??= valueOf(note.base, name);
    note.body = body;
    this.#grows(call, note, Math.max(note.revision, note.seen) + 1);
    this.#soon(call, PAUSE);
  }

  /** Somebody was asked for: they get the note, unless the recipients were chosen by hand. */
  asked(call, employee) {
    const note = this.#notes.get(call);
    if (!note) return;
    const preset = note.asked ? [note.asked] : [];
    const untouched = same(note.body.recipients, preset);
    note.asked = employee;
    if (untouched && !same(note.body.recipients, [employee])) this.edit(call, { recipients: [employee] });
  }

  /** Sends at once whatever the server does not have yet: on leaving the page and on coming back. */
  flush() {
    for (const [call, note] of this.#notes) if (note.stored < note.revision) this.#push(call);
  }

  /** Letters were typed here of which the server does not know. */
  ahead(call) {
    const note = this.#notes.get(call);
    return Boolean(note && unknownFields(note).length);
  }

  /** This is on its way to be saved as the note: whatever is typed from now on is not in it. */
  saving(call, body) {
    const note = this.#notes.get(call);
    if (note) note.saving = body;
  }

  /** It was not saved. */
  notSaved(call) {
    const note = this.#notes.get(call);
    if (note) note.saving = null;
  }

  /** The call has left the screen. True when letters are left of which the server knows nothing; they stay at this machine. */
  forget(call, { unwanted = false } = {}) {
    const note = this.#notes.get(call);
    clearTimeout(note?.timer);
    this.#notes.delete(call);
    const left = note && !unwanted ? unknownFields(note) : [];
    if (unwanted) discard(call);
    else drop(call);
    if (left.length) keep(call, this.#entry(note, left));
    return left.length > 0;
  }

  #entry(note, names) {
    const touched = Object.fromEntries(names.map((name) => [name, note.touched[name]]));
    return { ...note, base: note.seen, touched, sent: note.sent.map(({ body }) => body), agent: this.agent };
  }

  #first(call, pop, draft) {
    const base = draft ? { ...EMPTY_NOTE, ...draft.body } : firstBody(pop);
    const revision = draft?.revision ?? 0;
    const note = { body: base, base, touched: {}, revision, stored: revision, seen: revision, sent: [], preset: draft ? null : base };
    note.company = pop.company.name;
    note.choices = choicesOf(pop);
    this.#notes.set(call, note);
    for (const kept of backups(call)) this.#recover(call, note, kept);
  }

  /** What was typed before a reload or a crash and perhaps never arrived, together with what was typed elsewhere since. */
  #recover(call, note, { revision, body, touched, sent = [] }) {
    const whole = { ...EMPTY_NOTE, ...body };
    const began = withValues(whole, touched);
    const mine = merged(whole, note.body, Object.keys(touched));
    const known = [...sent.map((one) => ({ ...EMPTY_NOTE, ...one })), began];
    const found = together({ known, mine, theirs: note.body, chosen: note.choices });
    if (!differing(note.body, found.body).length) return;
    note.body = found.body;
    note.touched = touchedIn(note);
    this.#grows(call, note, Math.max(revision, note.stored + 1));
    this.#soon(call, 0);
  }

  /** The caller became known: fields that nobody touched say so. */
  #prefill(call, note, pop) {
    if (!note.preset) return;
    const first = firstBody(pop);
    const fresh = PRESET.filter((name) => first[name] !== note.preset[name] && note.body[name] === note.preset[name]);
    note.preset = first;
    if (!fresh.length) return;
    if (note.revision) return this.edit(call, Object.fromEntries(fresh.map((name) => [name, first[name]])));
    note.base = note.body = merged(first, note.body, fresh);
  }

  /** There are letters that the server does not have. */
  #grows(call, note, revision) {
    if (note.stored === note.revision) {
      note.due = performance.now() + LATE;
      setTimeout(() => this.#changed(), LATE + 50);
    }
    note.revision = revision;
    note.backed = keep(call, this.#entry(note, Object.keys(note.touched)));
  }

  #soon(call, pause) {
    const note = this.#notes.get(call);
    clearTimeout(note.timer);
    note.timer = setTimeout(() => this.#push(call), pause);
  }

  async #push(call) {
    const note = this.#notes.get(call);
    if (!note || note.flight || note.stored >= note.revision) return;
    clearTimeout(note.timer);
    const { body, seen } = note;
    if (!note.sent.length && !differing(body, note.base).length) return this.#settled(call, note);
    note.revision = Math.max(note.revision, seen + 1);
    const flight = { id: newId(), revision: note.revision, base: seen, body };
    note.flight = flight;
    note.sent = [...note.sent, flight].slice(-MOST_SENT);
    const answer = await this.#send(call, flight);
    note.flight = null;
    if (this.#notes.get(call) !== note) return;
    const there = answer.ok || answer.code === "already_noted"; // the saved note says just this
    note.refused = !there && answer.code !== "draft_outdated";
    if (there) this.#arrived(call, note, flight);
    else if (answer.code === "draft_outdated") this.#outdated(note, flight, Number(answer.params.revision ?? 0));
    if (note.stored < note.revision && !UNSENT.has(answer.code))
      this.#soon(call, note.refused ? REFUSED_PAUSE : PAUSE);
    this.dispatchEvent(new CustomEvent("pushed", { detail: { call, answer } }));
    this.#changed();
  }

  /** Nothing is different from what the server has. */
  #settled(call, note) {
    note.revision = note.stored;
    note.touched = {};
    note.refused = false;
    drop(call);
    this.#changed();
  }

  /** The server has this, and with it all that it had before: only what was typed since is still ours alone. */
  #arrived(call, note, { revision, body }) {
    note.seen = Math.max(note.seen, revision);
    note.sent = note.sent.filter((one) => one.revision > revision);
    if (revision < note.stored) return;
    note.stored = revision;
    note.base = body;
    note.touched = touchedIn(note);
    note.revision = Math.max(note.revision, revision);
    if (note.revision === revision && Object.keys(note.touched).length) this.#grows(call, note, revision + 1);
    if (note.stored === note.revision) drop(call);
    else note.due = performance.now() + LATE;
  }

  /** Somebody else's draft was there first. It is here by now, or on its way; then both are sent. */
  #outdated(note, flight, newest) {
    note.sent = note.sent.filter((one) => one !== flight || one.taken);
    note.revision = Math.max(note.revision, newest + 1);
  }

  #remote(call, note, draft) {
    if (draft.revision <= note.stored) return;
    const theirs = { ...EMPTY_NOTE, ...draft.body };
    const own = note.sent.find((one) => one.revision === draft.revision && means(one.body, theirs));
    if (own) own.taken = true; // on the screens; whether it is stored is for the answer to say
    if (own) note.seen = Math.max(note.seen, draft.revision);
    if (draft.revision <= note.seen) return;
    const { body, both } = together({ known: knownOf(note), mine: note.body, theirs, chosen: note.choices });
    note.base = theirs;
    note.body = body;
    note.seen = note.stored = draft.revision;
    note.sent = note.sent.filter((one) => one === note.flight);
    if (note.flight) note.flight.taken = false; // this is newer
    if (note.saving && means(note.saving, theirs)) note.saving = null;
    note.touched = touchedIn(note);
    if (differing(body, theirs).length) {
      this.#grows(call, note, Math.max(note.revision, draft.revision + 1));
      this.#soon(call, PAUSE);
    } else {
      note.revision = draft.revision;
      drop(call);
    }
    if (both.length) this.dispatchEvent(new CustomEvent("both", { detail: { call, names: both } }));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** What the server had from here or told before, the newest for certain last. */
function knownOf({ base, sent, saving }) {
  const taken = sent.filter((one) => one.taken);
  const perhaps = sent.filter((one) => !one.taken);
  return [...(saving ? [saving] : []), ...perhaps.map((one) => one.body), base, ...taken.map((one) => one.body)];
}

/** Where the note is other than what the server has: field → what stands there. */
const touchedIn = ({ body, base }) => Object.fromEntries(differing(body, base).map((name) => [name, valueOf(base, name)]));

/** Names of the company's fields in which one of several is chosen. */
function choicesOf({ note_fields: fields }) {
  const names = fields.filter(({ kind }) => ["choice", "yesno"].includes(kind)).map(({ key }) => `fields.${key}`);
  return (name) => names.includes(name);
}

/** Fields that were typed here, are not in the draft that the server has, and are not in the note that was saved from here. */
function unknownFields({ touched, body, base, saving }) {
  const known = (name, by) => by && same(valueOf(body, name), valueOf(by, name));
  return Object.keys(touched).filter((name) => !known(name, base) && !known(name, saving));
}
