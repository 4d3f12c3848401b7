// What Esc closes: of all that is open, what was opened last.

const since = new Map(); // entry of the table of keys → when what it closes was opened, counted
let count = 0;

/** Remembers, whenever the desk changed, what has come and what has gone. */
export function followOpenings(desk, entries) {
  const look = () => {
    for (const entry of entries) {
      if (!entry.when(desk)) since.delete(entry);
      else if (!since.has(entry)) since.set(entry, ++count);
    }
  };
  desk.addEventListener("change", look);
}

/** Of these the one opened last; what came by itself never stands between the agent and a caller on hold. */
export function lastOpened(entries) {
  const holds = entries.some((entry) => entry.id === "back");
  const order = (entry) => since.get(entry) ?? Infinity;
  return entries.filter((entry) => entry.hand || !holds).toSorted((a, b) => order(b) - order(a))[0];
}
