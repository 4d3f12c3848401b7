// Typed letters: kept at this machine at every key, sent after a short pause, and never given up before the server has them.

import { differing, EMPTY_NOTE, firstBody, merged, same, valueOf } from "./body.js";
import { backups, drop, keep, sweep } from "./backup.js";

const PAUSE = 300;
const REFUSED_PAUSE = 3000; // a full disk or a locked database heals; the letters wait here
const UNSENT = new Set(["offline", "outcome_unknown"]); // these go out when the wire is back
const PRESET = ["name", "company", "callback"];

/**
 * One note a call: `base` is what the server has, `touched` what was typed here since (field → what stood there before).
 * Two tabs write side by side: each keeps the fields it has touched and takes all others from the other one.
 * Event "change" when a body changed that was not typed here.
 */
export class Drafts extends EventTarget {
  #send;
  #notes = new Map(); // call → { body, base, touched, revision, stored, preset, asked, timer, flight }

  /** `send(call, revision, body)` → the server's answer. */
  constructor(send) {
    super();
    this.#send = send;
    sweep();
  }

  /** Makes the note of a call known, or what is new about it: a draft of another tab, a caller who is known by now. */
  open({ pop, view, draft }) {
    const note = this.#notes.get(view.call);
    if (!note) return this.#first(view.call, pop, draft);
    if (draft) this.#remote(view.call, note, draft);
    this.#prefill(view.call, note, pop);
  }

  body(call) {
    return this.#notes.get(call)?.body ?? EMPTY_NOTE;
  }

  /** "typed" until the server has the newest letters, then "kept"; "" while nothing was typed. */
  state(call) {
    const note = this.#notes.get(call);
    if (!note?.revision) return "";
    return note.stored === note.revision ? "kept" : "typed";
  }

  edit(call, patch) {
    const note = this.#notes.get(call);
    if (!note) return;
    const body = { ...note.body, ...patch };
    for (const name of differing(note.body, body)) note.touched[name] ??= valueOf(note.base, name);
    note.body = body;
    note.revision += 1;
    keep(call, note);
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

  forget(call) {
    clearTimeout(this.#notes.get(call)?.timer);
    this.#notes.delete(call);
    drop(call);
  }

  #first(call, pop, draft) {
    const base = draft ? { ...EMPTY_NOTE, ...draft.body } : firstBody(pop);
    const revision = draft?.revision ?? 0;
    const note = { body: base, base, touched: {}, revision, stored: revision, preset: draft ? null : base };
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
    note.revision = Math.max(revision, note.stored + 1);
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
    note.flight = { revision, body };
    const answer = await this.#send(call, revision, body);
    note.flight = null;
    if (this.#notes.get(call) !== note) return;
    if (answer.ok) this.#arrived(call, note, revision, body);
    else if (answer.code === "draft_outdated")
      note.revision = Math.max(note.revision, Number(answer.params.revision ?? revision) + 1);
    if (note.stored < note.revision && !UNSENT.has(answer.code))
      this.#soon(call, answer.ok || answer.code === "draft_outdated" ? PAUSE : REFUSED_PAUSE);
    this.#changed();
  }

  /** The server has this: only what was typed since is still ours alone. */
  #arrived(call, note, revision, body) {
    if (revision < note.stored) return;
    note.stored = revision;
    note.base = body;
    note.touched = Object.fromEntries(differing(note.body, body).map((name) => [name, valueOf(body, name)]));
    if (note.stored === note.revision) drop(call);
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
    else note.touched = {};
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
