// What can be done with a row opens above the rows below it; Escape and a press elsewhere close it again.

export function deeds() {
  const open = () => document.querySelector("details.deeds[open]");
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && open();
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    const menu = open();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}
