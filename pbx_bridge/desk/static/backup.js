// Letters on their way to the server, kept at this machine: one entry a call and page, so that two tabs keep their own.

const PREFIX = "desk.draft.";
const KEEP_MS = 24 * 3600 * 1000;
const page = Math.random().toString(36).slice(2);
const taken = new Map(); // call → { entry: text } found when the call was opened

const entryOf = (call) => `${PREFIX}${call}.${page}`;

/** Kept until `drop`. */
export function keep(call, { revision, body, touched }) {
  try {
    localStorage.setItem(entryOf(call), JSON.stringify({ revision, body, touched, at: Date.now() }));
  } catch {
    // A full or forbidden store: the server still gets every letter after the pause.
  }
}

/** What other pages, or an earlier life of this one, have kept of this call; the older first. */
export function backups(call) {
  const found = {};
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(`${PREFIX}${call}.`)) found[name] = localStorage.getItem(name);
  } catch {
    // No store, nothing kept.
  }
  taken.set(call, found);
  return Object.values(found)
    .map(read)
    .filter((kept) => kept?.touched)
    .sort((a, b) => a.at - b.at);
}

/** The server has it all: away with our own entry, and with those that were taken over and have not grown since. */
export function drop(call) {
  try {
    localStorage.removeItem(entryOf(call));
    for (const [name, text] of Object.entries(taken.get(call) ?? {}))
      if (localStorage.getItem(name) === text) localStorage.removeItem(name);
  } catch {
    // Nothing was stored, then.
  }
  taken.delete(call);
}

/** Drafts of calls that never came back are personal data: away after a day. */
export function sweep() {
  try {
    for (const name of Object.keys(localStorage).filter((entry) => entry.startsWith(PREFIX))) {
      const kept = read(localStorage.getItem(name));
      if (!kept || Date.now() - kept.at > KEEP_MS) localStorage.removeItem(name);
    }
  } catch {
    // No store, nothing to sweep.
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
