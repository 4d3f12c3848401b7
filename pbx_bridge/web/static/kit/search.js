// A list follows what is typed into its search; the address follows too, so that going back works.

import { isTypedInto } from "./typed_early.js";

const PAUSE = 200;

for (const form of document.querySelectorAll("form[data-search]")) {
  let timer = 0;
  let latest = 0;
  const look = async () => {
    const mine = ++latest;
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!response.ok || mine !== latest) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector(form.dataset.search).replaceWith(page.querySelector(form.dataset.search));
    history.replaceState(null, "", response.url); // by a key: no address says whom somebody looks for
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  if (isTypedInto(form)) look();
}
