// /demo/mailbox: mails and SMS as they arrive; the newest mail opens by itself until one is chosen.

import { list, make, put } from "./list.js";
import { live } from "./live.js";

const words = JSON.parse(document.getElementById("texts").textContent);
const byId = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

let mails = [], open = null, chosen = false, view = "html";

const showMails = list(byId("mails"), makeMail, (row, mail) =>
  row.firstChild.setAttribute("aria-current", String(mail.id === open)));
const showSms = list(byId("sms"), makeSms, (row, sms) => {
  row.dataset.doing = sms.delivered ? "talking" : "waiting";
  put(row.querySelector(".state"), words[sms.delivered ? "mailbox.delivered" : "mailbox.on_the_way"]);
});

for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => { view = button.dataset.view; showView(); });
}

live("/demo/mailbox/socket", (picture) => {
  mails = picture.mails;
  if (!chosen || !mails.some((mail) => mail.id === open)) read(mails[0]?.id ?? null);
  showMails(mails, (mail) => mail.id);
  showSms(picture.sms, (sms) => sms.id);
  byId("no-mails").hidden = mails.length > 0;
  byId("no-sms").hidden = picture.sms.length > 0;
});

function makeMail(mail) {
  return make("li", {}, make("button", {
    type: "button", className: "entry",
    on: { click: () => { chosen = true; read(mail.id); showMails(mails, (one) => one.id); } },
  },
    make("span", { className: "hint", textContent: `${clock.format(new Date(mail.at))} · ${mail.to.join(", ")}` }),
    make("strong", { textContent: mail.subject })));
}

function makeSms(sms) {
  return make("li", { className: "sms" },
    make("span", { className: "hint", textContent: `${clock.format(new Date(sms.at))} · ${sms.from} → ${sms.to}` }),
    make("p", { textContent: sms.text }),
    make("span", { className: "state hint" }));
}

function read(id) {
  if (id === open) return;
  open = id;
  const mail = mails.find((one) => one.id === id);
  byId("mail").hidden = !mail;
  byId("choose").hidden = Boolean(mail);
  if (!mail) return;
  put(byId("subject"), mail.subject);
  put(byId("to"), mail.to.join(", "));
  put(byId("text"), mail.text);
  byId("html").src = `/demo/mailbox/mails/${mail.id}`;
  showView();
}

function showView() {
  byId("html").hidden = view !== "html";
  byId("text").hidden = view !== "text";
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}
