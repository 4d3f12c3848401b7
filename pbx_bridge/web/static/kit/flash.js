// "Gespeichert. Rückgängig" stays ten seconds, longer while it is under the pointer or has the focus.

const SECONDS = 10;

export function fadeFlash(flash) {
  if (!flash) return;
  const clean = new URL(location.href);
  for (const name of ["said", "step"]) clean.searchParams.delete(name);
  history.replaceState(history.state, "", clean);
  const leave = () => {
    if (flash.matches(":hover, :focus-within")) setTimeout(leave, 2000);
    else flash.remove();
  };
  if (!flash.classList.contains("is-failed")) setTimeout(leave, SECONDS * 1000);
}
