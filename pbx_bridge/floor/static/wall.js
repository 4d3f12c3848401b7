// The wall-board: five figures and how many agents do what.

import { attr, h, setShape, shape, show, text } from "../web/dom.js";
import { partsOf } from "../web/moments.js";
import { t } from "../web/texts.js";
import { serverNow } from "../web/ticking.js";
import { day, figure, late, longest, share } from "./figures.js";
import { FloorSocket } from "./socket.js";

const byId = (id) => document.getElementById(id);
const wall = byId("wall");
const figures = {
  waiting: figure(t("figures.waiting"), "waiting"),
  longest: figure(t("figures.longest"), "longest"),
  inTime: figure("", "in-time"),
  abandoned: figure(t("figures.abandoned"), "abandoned"),
};
byId("figures").append(...Object.values(figures));

const GROUPS = {
  ready: { states: ["ready"], shape: "done" },
  talking: { states: ["talking", "ringing"], shape: "talking" },
  wrap_up: { states: ["wrap_up"], shape: "waiting" },
  paused: { states: ["paused"], shape: "away" },
  away: { states: ["signed_out", "unavailable"], shape: "none" },
};
const numbers = Object.fromEntries(
  Object.entries(GROUPS).map(([name, group]) => {
    const [icon, number] = [shape(group.shape), h("span")];
    byId("states").append(h("div", {}, h("dt", {}, t(`wall.${name}`)), h("dd", {}, icon, number)));
    return [name, { icon, number }];
  }),
);

let view = null;
let down = null;

function drawLateness() {
  attr(figures.longest, "data-late", view && late(view, serverNow()));
  attr(figures.waiting, "data-some", view && view.waiting.length > 0);
}

function draw(picture) {
  view = picture;
  const today = day(view);
  figures.waiting.set(String(view.waiting.length));
  figures.longest.since(longest(view), t("figures.nobody"));
  text(figures.inTime.label, t("figures.in_time", { seconds: view.in_time_seconds }));
  figures.inTime.set(share(today.inTime, today.decided));
  figures.abandoned.set(String(today.abandoned));
  for (const [name, { states }] of Object.entries(GROUPS)) {
    text(numbers[name].number, String(view.agents.filter((agent) => states.includes(agent.state)).length));
  }
  drawLateness();
  drawBanner();
  attr(wall, "data-drawn", true);
}

function drawBanner() {
  const clock = down && partsOf(down).clock;
  const out = ["pbx", "storage"].find((name) => view?.services[name] === "down");
  const trouble = down ? t("banner.offline", { clock }) : out ? t(`banner.${out}`) : "";
  text(byId("banner"), trouble);
  show(byId("banner"), trouble);
}

function connection(since) {
  down = since && (down ?? new Date(since));
  attr(wall, "data-connection", down ? "down" : "up");
  for (const [name, { icon }] of Object.entries(numbers))
    setShape(icon, down ? "uncertain" : GROUPS[name].shape);
  drawBanner();
}

const socket = new FloorSocket(wall.dataset.socket);
socket.addEventListener("picture", ({ detail }) => draw(detail));
socket.addEventListener("up", () => connection(null));
socket.addEventListener("down", ({ detail }) => connection(detail));
socket.connect();
setInterval(drawLateness, 1000);
