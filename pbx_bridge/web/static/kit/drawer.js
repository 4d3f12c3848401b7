// On a phone the navigation opens by its address (#navigation); Escape and a tap beside it close it again.

export function drawer(side) {
  const isOpen = () => location.hash === "#navigation";
  const close = () => { if (isOpen()) location.hash = "#content"; };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && !side.contains(event.target)) close();
  });
  window.addEventListener("hashchange", () => { if (isOpen()) side.querySelector("a").focus(); });
}
