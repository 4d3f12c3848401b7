// The line an agent reads, while somebody types: the server's own rule answers.

import { send } from "../web/kit/send.js";
import { isTypedInto } from "../web/kit/typed_early.js";

const PAUSE = 250;

for (const box of document.querySelectorAll("[data-preview]")) follow(box);

function follow(box) {
  const form = box.closest("form");
  let timer = 0;
  let latest = 0;
  const ask = async () => {
    const mine = ++latest;
    const fields = new FormData(form);
    fields.delete("csrf");
    const answer = await send(form, box.dataset.preview, fields);
    if (mine !== latest || !answer) return;
    box.querySelector("[data-agent]").className = `agent is-${answer.kind}`;
    box.querySelector("[data-spoken]").textContent = answer.spoken;
    const more = box.querySelector("[data-more]");
    if (more) more.textContent = answer.more ?? "";
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  if (isTypedInto(form)) ask();
}
