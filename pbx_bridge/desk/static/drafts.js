// Typed letters: kept at this machine at every key, sent after a short pause, and never given up before the server has them.

const PAUSE = 300;
const REFUSED_PAUSE = 3000; // a full disk or a locked database heals; the letters wait here
const UNSENT = new Set(["offline", "outcome_unknown"]); // these go out when the wire is back
const PREFIX = "desk.draft.";
const KEEP_MS = 24 * 3600 * 1000;

const EMPTY_NOTE = Object.freeze({
  name: "",
  company: "",
  callback: "",
  concern: "",
  fields: {},
  recipients: [],
  urgent: false,
  callback_by: "",
  message_to_caller: "",
});

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function firstBody({ caller }) {
  return { ...EMPTY_NOTE, name: caller.name, company: caller.company, callback: caller.shown };
}

/** Event "change" when a body changed that was not typed here. */
export class Drafts extends EventTarget {
  #send;
  #notes = new Map(); // call → { body, revision, stored, asked, timer, flying }

  /** `send(call, revision, body)` → the server's answer. */
  constructor(send) {
    super();
    this.#send = send;
    sweep();
  }

  /** Makes the note of a call known: what was typed here and not yet acknowledged wins over what the server has. */
  open({ pop, view, draft }) {
    const note = this.#notes.get(view.call);
    if (note) return draft && this.#remote(note, draft);
    const kept = load(view.call);
    const known = { body: firstBody(pop), revision: 0, stored: 0, asked: null, timer: null, flying: false };
    if (draft)
      Object.assign(known, {
        body: { ...EMPTY_NOTE, ...draft.body },
        revision: draft.revision,
        stored: draft.revision,
      });
    this.#notes.set(view.call, known);
    if (kept && kept.revision >= known.revision && !same(kept.body, known.body)) {
      known.body = { ...EMPTY_NOTE, ...kept.body };
      known.revision = Math.max(kept.revision, known.revision + 1);
      this.#soon(view.call, 0);
    }
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
    note.body = { ...note.body, ...patch };
    note.revision += 1;
    store(call, note);
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

  #soon(call, pause) {
    const note = this.#notes.get(call);
    clearTimeout(note.timer);
    note.timer = setTimeout(() => this.#push(call), pause);
  }

  async #push(call) {
    const note = this.#notes.get(call);
    if (!note || note.flying || note.stored >= note.revision) return;
    clearTimeout(note.timer);
    note.flying = true;
    const { revision, body } = note;
    const answer = await this.#send(call, revision, body);
    note.flying = false;
    if (answer.ok) note.stored = Math.max(note.stored, revision);
    else if (answer.code === "draft_outdated")
      note.revision = Math.max(note.revision, Number(answer.params.revision ?? revision)) + 1;
    if (this.#notes.get(call) !== note) return;
    if (note.stored === note.revision) drop(call);
    else if (!UNSENT.has(answer.code))
      this.#soon(call, answer.ok || answer.code === "draft_outdated" ? PAUSE : REFUSED_PAUSE);
    this.#changed();
  }

  #remote(note, draft) {
    if (draft.revision <= note.revision) return;
    Object.assign(note, {
      body: { ...EMPTY_NOTE, ...draft.body },
      revision: draft.revision,
      stored: draft.revision,
    });
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function store(call, { revision, body }) {
  try {
    localStorage.setItem(PREFIX + call, JSON.stringify({ revision, body, at: Date.now() }));
  } catch {
    // A full or forbidden store: the server still gets every letter after the pause.
  }
}

function load(call) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + call));
  } catch {
    return null;
  }
}

function drop(call) {
  try {
    localStorage.removeItem(PREFIX + call);
  } catch {
    // Nothing was stored, then.
  }
}

/** Drafts of calls that never came back are personal data: away after a day. */
function sweep() {
  try {
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
      const kept = load(name.slice(PREFIX.length));
      if (!kept || Date.now() - kept.at > KEEP_MS) localStorage.removeItem(name);
    }
  } catch {
    // No store, nothing to sweep.
  }
}
