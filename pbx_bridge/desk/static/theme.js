// Runs before the first paint, so that a chosen theme never flashes: the only script that is not a module.
(() => {
  let theme = null;
  try {
    theme = JSON.parse(localStorage.getItem("desk.prefs") ?? "{}").theme;
  } catch {
    // A broken or forbidden store means: as the machine is set.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
