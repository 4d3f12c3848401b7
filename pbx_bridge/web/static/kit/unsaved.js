// The save bar comes when something is different from what the page showed, and leaving then asks first.

import { sign, signSent } from "./typed_early.js";

export function watchForms(forms) {
  for (const form of forms) watch(form);
}

function watch(form) {
  const before = signSent(form);
  const faulty = form.querySelector("[role=alert]") !== null;
  const look = () => {
    const changed = faulty || sign(form) !== before;
    form.toggleAttribute("data-changed", changed);
    const hint = form.querySelector("[data-unsaved]");
    if (hint) hint.hidden = !changed;
  };
  let sending = false;
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && form.hasAttribute("data-changed")) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { sending = false; look(); });
  look();
}
