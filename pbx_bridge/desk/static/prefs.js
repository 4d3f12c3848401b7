// Choices of this person at this machine: theme, sound, notification, single-letter keys.

const KEY = "desk.prefs";
const DEFAULTS = { theme: "auto", sound: false, notify: false, letters: true };

function read() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

export const prefs = read();

export function setPref(name, value) {
  prefs[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // Without a store the choice holds until the page is closed.
  }
  if (name === "theme") applyTheme();
}

function applyTheme() {
  const root = document.documentElement;
  if (prefs.theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = prefs.theme;
}
