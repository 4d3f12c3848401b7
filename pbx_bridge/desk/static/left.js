// Letters of calls that have left the screen: laid onto their saved note where there is one, and shown otherwise.

import { discard } from "./backup.js";

/** Whoever typed on while the note was closed finds it open again, with every letter. */
export function followLeft(desk) {
  const tried = new Set();
  desk.addEventListener("fold", ({ detail: { event } }) => {
    if (!["call_closed", "notes", "snapshot"].includes(event.type)) return;
    for (const { call } of desk.left) {
      const note = desk.picture.notes.find((saved) => saved.call === call);
      if (!note || tried.has(note.id)) continue;
      tried.add(note.id);
      desk.socket.send({ type: "correct_note", note: note.id });
    }
  });
}

export function discardLeft(desk, call) {
  discard(call);
  desk.changed();
}
