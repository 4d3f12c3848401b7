// The desk's page: makes the desk, draws the views whenever it changed, and listens to keys.

import "./time.js";
import "./view/me.js";
import "./view/waiting.js";
import "./view/notes.js";
import "./view/company.js";
import "./view/speech.js";
import "./view/transfer.js";
import "./view/caller.js";
import "./view/employees.js";
import "./view/dock.js";
import "./view/numbers.js";
import "./view/colleagues.js";
import "./view/left.js";
import "./view/note.js";
import "./view/idle.js";
import "./view/footer.js";
import "./view/banner.js";
import "./view/block.js";
import { announce, sentence } from "./announce.js";
import { attr, show } from "./dom.js";
import { followNetwork } from "../web/heartbeat.js";
import { Desk } from "./desk.js";
import { followFocus, followMenu } from "./focus.js";
import { listen } from "./keys.js";
import { followLeft } from "./left.js";
import { followHands } from "./said.js";
import { followRing, ringSignal } from "./signal.js";
import { rings } from "./state.js";
import { t } from "./texts.js";
import { toggleSheet } from "./view/sheet.js";
import { windowTitle } from "./view/company.js";

const frame = document.getElementById("desk");
const desk = new Desk(frame.dataset.socket);
const views = [...document.querySelectorAll("[data-view]")];
const [call, idle] = [document.getElementById("call"), document.querySelector("desk-idle")];

function draw() {
  const open = desk.current;
  show(call, open);
  show(idle, !open);
  attr(frame, "data-hue", open ? open.pop.company.hue : null);
  attr(frame, "data-phase", open?.view.phase ?? "idle");
  attr(frame, "data-correction", Boolean(open?.view.correction));
  attr(frame, "data-connection", desk.connection.state);
  for (const view of views) view.draw(desk);
  document.title = windowTitle(desk);
}

desk.addEventListener("change", draw);
desk.addEventListener("sheet", toggleSheet);
followMenu(desk);
followFocus(desk);
followLeft(desk);
followHands(desk);
desk.addEventListener("fold", ({ detail: { event, before } }) => {
  announce(sentence(event, before));
  if (event.type === "offer" && rings(desk.picture, event.view.call)) ringSignal(event.pop);
  followRing(desk.picture);
});
desk.socket.addEventListener("down", () => announce(t("banner.network")));
desk.socket.addEventListener("up", () => announce(t("live.network_up")));

// A pointer does not take the focus from the field in which somebody writes.
frame.addEventListener(
  "pointerdown",
  (event) => event.target.closest("button, [role=option]") && event.preventDefault(),
);
document.addEventListener("visibilitychange", () => document.hidden && desk.drafts.flush());
for (const moved of ["focusin", "focusout"]) document.addEventListener(moved, () => desk.changed());
window.addEventListener("pagehide", () => desk.drafts.flush());
followNetwork({ gone: () => desk.socket.drop(), back: () => desk.socket.hurry() });

listen(desk);
draw();
desk.socket.connect();
