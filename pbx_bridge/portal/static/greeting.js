// The greeting as Anna Keller would say it, while it is being typed: the server's own rule answers.

import { send } from "../web/kit/send.js";
import { isTypedInto } from "../web/kit/typed_early.js";

const field = document.querySelector("#greeting");
const preview = document.querySelector("[data-preview]");
const spoken = preview.querySelector("[data-spoken]");
const fault = preview.querySelector("[data-fault]");
let asked = 0;

const ask = async () => {
  const mine = ++asked;
  const answer = await send(field.form, preview.dataset.preview, { greeting: field.value });
  if (mine !== asked || !answer) return;
  spoken.textContent = answer.spoken;
  fault.textContent = answer.fault;
  fault.hidden = !answer.fault;
};

field.addEventListener("input", ask);
if (isTypedInto(field.form)) ask();
