// Letters on their way to the server, kept at this machine: one entry a call and page, so that two tabs keep their own.

const PREFIX = "desk.draft.";
const KEEP_MS = 24 * 3600 * 1000;
const page = Math.random().toString(36).slice(2);
const taken = new Map(); // call → { entry: text } found when the call was opened
const memory = new Map(); // entry → text, where the browser keeps nothing

const entryOf = (call) => `${PREFIX}${call}.${page}`;
const callOf = (name) => name.slice(PREFIX.length, name.lastIndexOf("."));

/** Kept until `drop`; false when only this page has it, because the browser's store is full or forbidden. */
export function keep(call, { revision, base, body, touched, sent, agent, company }) {
  const text = JSON.stringify({ revision, base, body, touched, sent, agent, company, at: Date.now() });
  try {
    localStorage.setItem(entryOf(call), text);
    memory.delete(entryOf(call));
    return true;
  } catch {
    memory.set(entryOf(call), text);
    return false;
  }
}

/** What other pages, or an earlier life of this one, have kept of this call; the older first. */
export function backups(call) {
  const found = Object.fromEntries([...entries()].filter(([name]) => callOf(name) === call));
  taken.set(call, found);
  return Object.values(found)
    .map(read)
    .filter((kept) => kept?.touched)
    .sort((a, b) => a.at - b.at);
}

/** The server has it all: away with our own entry, and with those that were taken over and have not grown since. */
export function drop(call) {
  remove(entryOf(call));
  const now = new Map(entries());
  for (const [name, text] of Object.entries(taken.get(call) ?? {})) if (now.get(name) === text) remove(name);
  taken.delete(call);
}

/** What is kept of calls that are none of these, by this agent: { call, company, at, revision, base, body, touched }, the older first. */
export function orphans(agent, calls) {
  const found = [...entries()].map(([name, text]) => ({ ...read(text), call: callOf(name) }));
  return found
    .filter((kept) => kept.touched && kept.agent === agent && !calls.has(kept.call))
    .sort((a, b) => a.at - b.at);
}

/** Nobody wants the letters of this call any longer, whichever page typed them. */
export function discard(call) {
  for (const [name] of [...entries()]) if (callOf(name) === call) remove(name);
}

/** Drafts of calls that never came back are personal data: away after a day. */
export function sweep() {
  for (const [name, text] of [...entries()]) {
    const kept = read(text);
    if (!kept || Date.now() - kept.at > KEEP_MS) remove(name);
  }
}

function* entries() {
  yield* memory;
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(PREFIX)) yield [name, localStorage.getItem(name)];
  } catch {
    // No store, nothing kept.
  }
}

function remove(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was stored, then.
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
