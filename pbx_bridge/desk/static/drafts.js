// Typed letters: kept at this machine at every key, sent after a short pause, and never given up before the server has them.

import { differing, EMPTY_NOTE, firstBody, merged, same, valueOf } from "./body.js";
import { backups, discard, drop, keep, sweep } from "./backup.js";

const PAUSE = 300;
const LATE = 2500; // a healthy server has the letters long before; from then on the screen says that it has not
const REFUSED_PAUSE = 3000; // a full disk or a locked database heals; the letters wait here
const UNSENT = new Set(["offline", "outcome_unknown"]); // these go out when the wire is back
const PRESET = ["name", "company", "callback"];

/**
 * One note a call: `base` is what the server has, `touched` what was typed here since (field → what stood there before).
 * Two tabs write side by side: each keeps the fields it has touched and takes all others from the other one.
 * Events: "pushed" (detail: { call, answer }); "change" when a body, or what is known of it, changed without being typed here.
 */
export class Drafts extends EventTarget {
  agent = ""; // who types here
  #send;
  #notes = new Map(); // call → { body, base, touched, revision, stored, preset, asked, timer, flight, due, refused, backed, sent }

  /** `send(call, revision, body)` → the server's answer, however long it takes. */
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
    if (draft) this.#remote(view.call, note, draft);
    else if (saved && !Object.keys(note.touched).length) note.base = note.body = { ...EMPTY_NOTE, ...saved };
    this.#prefill(view.call, note, pop);
  }

  body(call) {
    return this.#notes.get(call)?.body ?? EMPTY_NOTE;
  }

  /** The largest revision known: what a note that is saved now has seen. */
  revision(call) {
    return this.#notes.get(call)?.revision ?? 0;
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
    const body = { ...note.body, ...patch };
    for (const name of differing(note.body, body)) note.touched[name] ??= valueOf(note.base, name);
    note.body = body;
    this.#grows(call, note, note.revision + 1);
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
    if (note) note.sent = body;
  }

  /** It was not saved. */
  notSaved(call) {
    const note = this.#notes.get(call);
    if (note) note.sent = null;
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
    return { ...note, touched, agent: this.agent };
  }

  #first(call, pop, draft) {
    const base = draft ? { ...EMPTY_NOTE, ...draft.body } : firstBody(pop);
    const revision = draft?.revision ?? 0;
    const note = { body: base, base, touched: {}, revision, stored: revision, preset: draft ? null : base };
    note.company = pop.company.name;
    this.#notes.set(call, note);
    for (const kept of backups(call)) this.#recover(call, note, kept);
  }

  /** What was typed before a reload or a crash and never arrived, unless somebody has typed on in the same field. */
  #recover(call, note, { revision, body, touched }) {
    const free = (name) => note.stored <= revision || same(valueOf(note.base, name), touched[name]);
    const names = differing(note.body, { ...EMPTY_NOTE, ...body }).filter((name) => name in touched && free(name));
    if (!names.length) return;
    for (const name of names) note.touched[name] ??= valueOf(note.base, name);
    note.body = merged({ ...EMPTY_NOTE, ...body }, note.body, names);
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
    const { revision, body } = note;
    if (!differing(body, note.base).length) return this.#settled(call, note);
    note.flight = { revision, body };
    const answer = await this.#send(call, revision, body);
    note.flight = null;
    if (this.#notes.get(call) !== note) return;
    const there = answer.ok || answer.code === "already_noted"; // the saved note says just this
    note.refused = !there && answer.code !== "draft_outdated";
    if (there) this.#arrived(call, note, revision, body);
    else if (answer.code === "draft_outdated")
      note.revision = Math.max(note.revision, Number(answer.params.revision ?? revision) + 1);
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

  /**
   * The server has this: only what was typed since is still ours alone, and what another tab sent at the same moment, for
   * this stands in its place there.
   */
  #arrived(call, note, revision, body) {
    if (revision < note.stored) return;
    note.stored = revision;
    note.base = body;
    note.touched = Object.fromEntries(differing(note.body, body).map((name) => [name, valueOf(body, name)]));
    if (note.revision <= revision && Object.keys(note.touched).length) this.#grows(call, note, revision + 1);
    if (note.stored === note.revision) drop(call);
    else note.due = performance.now() + LATE;
  }

  #remote(call, note, draft) {
    const body = { ...EMPTY_NOTE, ...draft.body };
    const { flight } = note;
    if (flight && flight.revision === draft.revision && same(flight.body, body)) return;
    if (draft.revision <= note.stored) return;
    const mine = Object.keys(note.touched);
    note.base = body;
    note.body = merged(note.body, body, mine);
    note.stored = draft.revision;
    const behind = differing(note.body, body).length > 0;
    note.revision = behind ? Math.max(note.revision, draft.revision + 1) : draft.revision;
    if (behind) this.#soon(call, PAUSE);
    else {
      note.touched = {};
      drop(call);
    }
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Fields that were typed here, are not in the draft that the server has, and are not in the note that was saved from here. */
function unknownFields({ touched, body, base, sent }) {
  const known = (name, by) => by && same(valueOf(body, name), valueOf(by, name));
  return Object.keys(touched).filter((name) => !known(name, base) && !known(name, sent));
}
