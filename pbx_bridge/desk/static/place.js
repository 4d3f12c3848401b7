// Where this page stood, kept over a reload or a crash of the tab: the call in front, who is chosen, what is open.

const ENTRY = "desk.place";

/** { front, chosen: [[call, employee]], dock } as it was, or {}. */
export function placeBefore() {
  try {
    return JSON.parse(sessionStorage.getItem(ENTRY)) ?? {};
  } catch {
    return {}; // No store, or somebody else's words in it: the page begins as a new one.
  }
}

export function keepPlace(place) {
  try {
    sessionStorage.setItem(ENTRY, JSON.stringify(place));
  } catch {
    // A full or forbidden store: after a reload one chooses again.
  }
}
