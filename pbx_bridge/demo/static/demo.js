// /demo: buttons that let people call, and every telephone as its owner sees it.

import { list, make, put } from "./list.js";
import { live } from "./live.js";

const { habits, words } = JSON.parse(document.getElementById("texts").textContent);
const say = (key, gaps = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => gaps[name]);
const byId = (id) => document.getElementById(id);

const showCallers = list(byId("callers"), makeCaller, updateCaller);
const showAgents = list(byId("agents"), (phone) => makePhone(phone, habits.agents), updatePhone);
const showEmployees = list(byId("employees"), (phone) => makePhone(phone, habits.employees), updatePhone);
const wish = live("/demo/socket", show);

for (const button of document.querySelectorAll("[data-scene]")) {
  button.addEventListener("click", () => wish({ do: "scene", scene: button.dataset.scene }));
}

function show(picture) {
  showCallers(picture.callers, (caller) => caller.id);
  byId("no-callers").hidden = picture.callers.length > 0;
  showAgents(picture.agents, (phone) => phone.number);
  showEmployees(picture.employees, (phone) => phone.number);
  const messages = picture.mails + picture.sms;
  byId("unread").hidden = messages === 0;
  put(byId("unread"), String(messages));
}

function makeCaller(caller) {
  const who = caller.name || say("callers.nameless");
  const number = caller.number || say("callers.withheld");
  return make("li", { className: "phone" },
    make("span", { className: "shape", ariaHidden: "true" }),
    make("div", { className: "who" },
      make("strong", { textContent: who }),
      make("span", { className: "hint", textContent: number }),
      make("span", { className: "state" })),
    button(say("callers.hang_up"), () => wish({ do: "caller_hangs_up", caller: caller.id })));
}

function updateCaller(row, caller) {
  row.dataset.doing = caller.doing;
  put(row.querySelector(".state"), say(`callers.${caller.doing}`));
}

function makePhone(phone, choices) {
  const choice = make("select", {
    ariaLabel: `${say("phones.habit")}: ${phone.name}`,
    on: { change: (event) => wish({ do: "habit", phone: phone.number, habit: event.target.value }) },
  }, ...choices.map((habit) => make("option", { value: habit, textContent: say(`habits.${habit}`) })));
  const row = make("li", { className: "phone" },
    make("span", { className: "shape", ariaHidden: "true" }),
    make("div", { className: "who" },
      make("strong", { textContent: phone.name }),
      make("span", { className: "hint company", textContent: phone.company }),
      make("span", { className: "state" }),
      make("span", { className: "display" })),
    choice,
    make("div", { className: "deeds" },
      ...["pick_up", "reject", "hang_up"].map((deed) =>
        Object.assign(button(say(`phones.${deed}`), () => wish({ do: deed, phone: phone.number })), { name: deed }))));
  if (phone.company) row.dataset.hue = phone.hue;
  return row;
}

function updatePhone(row, phone) {
  row.dataset.doing = phone.doing;
  put(row.querySelector(".state"), say(`phones.${phone.doing}`));
  const display = [phone.shown_name, phone.shown_number].filter(Boolean).join(" · ");
  put(row.querySelector(".display"), display ? say("phones.display", { display }) : "");
  const choice = row.querySelector("select");
  if (choice.value !== phone.habit && document.activeElement !== choice) choice.value = phone.habit;
  const rings = phone.doing === "ringing";
  row.querySelector("[name=pick_up]").hidden = !rings;
  row.querySelector("[name=reject]").hidden = !rings || !phone.company;
  row.querySelector("[name=hang_up]").hidden = phone.doing !== "talking";
}

function button(text, deed) {
  return make("button", { type: "button", className: "button is-small", textContent: text, on: { click: deed } });
}
