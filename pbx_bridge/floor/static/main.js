// The floor: draws each picture in place, so that no row moves under the pointer and no focus is lost.

import { attr, h, setShape, shape, show, text } from "../web/dom.js";
import { partsOf } from "../web/moments.js";
import { count, t } from "../web/texts.js";
import { serverNow } from "../web/ticking.js";
import { AgentRows } from "./agents.js";
import { companyRows } from "./companies.js";
import { Actions } from "./actions.js";
import { day, figure, late, longest, share } from "./figures.js";
import { FloorSocket } from "./socket.js";
import { waitingRows } from "./waiting.js";

const byId = (id) => document.getElementById(id);
const floor = byId("floor");
const actions = new Actions(floor.dataset.csrf);
const agents = new AgentRows(byId("agent-rows"), actions);
const figures = {
  waiting: figure(t("figures.waiting"), "waiting"),
  longest: figure(t("figures.longest"), "longest"),
  inTime: figure("", "in-time"),
  calls: figure("", "calls"),
  abandoned: figure(t("figures.abandoned"), "abandoned"),
};
byId("figures").append(...Object.values(figures));

const SERVICE_SHAPES = { up: "talking", down: "failed", unknown: "away", off: "away" };
const services = Object.fromEntries(
  ["pbx", "mail", "sms"].map((name) => {
    const icon = shape("away");
    const word = h("span");
    byId("services").append(h("li", {}, icon, word));
    return [name, { icon, word }];
  }),
);

/** A moment of trouble, as mail servers have it now and then, has no banner. */
const NOTABLE_MS = 60_000;

let view = null;
let down = null;

function drawFigures() {
  const today = day(view);
  figures.waiting.set(String(view.waiting.length));
  figures.longest.since(longest(view), t("figures.nobody"));
  text(figures.inTime.label, t("figures.in_time", { seconds: view.in_time_seconds }));
  figures.inTime.set(share(today.inTime, today.decided));
  attr(figures.inTime, "title", count("figures.of", today.decided, { in_time: today.inTime }));
  text(figures.calls.label, count("figures.calls", today.calls));
  figures.calls.set(String(today.calls));
  figures.abandoned.set(String(today.abandoned));
  drawLateness();
}

function drawLateness() {
  const tooLate = view && late(view, serverNow());
  attr(figures.longest, "data-late", tooLate);
  attr(figures.waiting, "data-some", view && view.waiting.length > 0);
}

/** What nobody has heard of for a while is not known. */
function drawServices() {
  for (const [name, { icon, word }] of Object.entries(services)) {
    const state = down ? "stale" : view.services[name];
    const since = state === "down" && view.services[`${name}_since`];
    setShape(icon, SERVICE_SHAPES[state] ?? "uncertain");
    const words = since ? t("services.down_since", { clock: clockOf(since) }) : t(`services.${state}`);
    text(word, `${t(`services.${name}`)} ${words}`);
  }
}

/** "10:41", and the day before it when that was not today. */
function clockOf(moment) {
  const at = new Date(moment);
  const today = at.toDateString() === new Date(serverNow()).toDateString();
  return t(today ? "days.clock" : "days.before", partsOf(at));
}

function drawUndelivered() {
  text(byId("undelivered"), count("undelivered.link", view.undelivered));
  show(byId("undelivered"), view.undelivered);
}

function drawBanner() {
  const trouble = troubleNow();
  text(byId("banner"), trouble);
  show(byId("banner"), trouble);
}

function troubleNow() {
  if (down) return t("banner.offline", { clock: clockOf(down) });
  const out = ["pbx", "storage"].find((name) => view?.services[name] === "down");
  if (out) return t(`banner.${out}`);
  const since = view?.services.mail === "down" && view.services.mail_since;
  const notable = since && serverNow() - Date.parse(since) >= NOTABLE_MS;
  return notable ? t("banner.mail", { clock: clockOf(since) }) : "";
}

let announced = 0;

/** Heard once: only that the number of waiting calls is another. */
function announce() {
  const waiting = view.waiting.length;
  if (waiting === announced) return;
  announced = waiting;
  text(byId("live"), waiting ? count("live.waiting", waiting) : t("live.waiting.none"));
}

function draw(picture) {
  view = picture;
  drawFigures();
  drawServices();
  drawBanner();
  drawUndelivered();
  agents.draw(view.agents, Boolean(down));
  show(byId("no-agents"), !view.agents.length);
  waitingRows(byId("waiting-rows"), view.waiting);
  show(byId("nobody-waits"), !view.waiting.length);
  companyRows(byId("company-rows"), view);
  show(byId("no-calls"), !view.companies.length);
  text(byId("in-time"), t("companies.in_time", { seconds: view.in_time_seconds }));
  text(byId("definition"), t("companies.definition", { seconds: view.in_time_seconds }));
  announce();
  attr(floor, "data-drawn", true);
}

const socket = new FloorSocket(floor.dataset.socket);
socket.addEventListener("picture", ({ detail }) => draw(detail));
function connection(since) {
  down = since && (down ?? new Date(since));
  attr(floor, "data-connection", down ? "down" : "up");
  drawBanner();
  if (!view) return;
  drawServices();
  agents.draw(view.agents, Boolean(down));
}

socket.addEventListener("up", () => connection(null));
socket.addEventListener("down", ({ detail }) => connection(detail));
socket.connect();
setInterval(() => {
  drawLateness();
  drawBanner();
}, 1000);
