// Letters of calls that have left the screen: back where they belong if the server can tell where, and shown otherwise.

import { discard } from "./backup.js";
import { EMPTY_NOTE } from "./body.js";

/** Whoever typed on while the call left the screen finds it there again with every letter: its saved note, or the call itself. */
export function followLeft(desk) {
  const tried = new Map(); // call → what was tried for these letters
  desk.addEventListener("fold", ({ detail: { event } }) => {
    if (!["call_closed", "notes", "snapshot"].includes(event.type)) return;
    for (const kept of desk.left) {
      const note = desk.picture.notes.find((saved) => saved.call === kept.call);
      const attempt = `${note?.id ?? ""} ${kept.at}`;
      if (tried.get(kept.call) === attempt) continue;
      tried.set(kept.call, attempt);
      bringBack(desk, kept, note);
    }
  });
}

function bringBack(desk, { call, revision, base = 0, body }, note) {
  if (note) return desk.socket.send({ type: "correct_note", note: note.id });
  return desk.socket.send({ type: "save_draft", call, revision, base, body: { ...EMPTY_NOTE, ...body } }, { patient: true });
}

export function discardLeft(desk, call) {
  discard(call);
  desk.changed();
}
