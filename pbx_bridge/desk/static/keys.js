// One table: key → deed → when it applies. Footer, buttons and the sheet of keys are drawn from it.

import * as deeds from "./actions.js";
import { focusCentre, stepMenu, toColleagues, toWaiting } from "./focus.js";
import { followOpenings, lastOpened } from "./openings.js";
import { followPointer, isEcho, isField, isLost, lettersDone, noteDeed, noteLetter, stillMeant, writes } from "./letters.js";
import { canAsk, canFetch, mayRingOutside } from "./offered.js";
import { prefs } from "./prefs.js";
import { t } from "./texts.js";

const { pauses, closes } = document.getElementById("desk").dataset; // the service's own lists: a new reason is in the menu
export const MENUS = {
  pause: { items: [...pauses.split(" "), "sign_out"], act: deeds.pause },
  close: {
    items: closes.split(" "),
    act: deeds.closeCall,
    fits: (desk, reason) => reason !== "not_reached" || Boolean(desk.current?.view.call_back),
  },
};

/** Whether the menu has this item now; the digits of the others stay. */
export const fitsMenu = (desk, menu, item) => MENUS[menu].fits?.(desk, item) ?? true;

const may = (command) => (desk) => desk.may.has(command);
const inCall = (desk) => desk.current !== null;
const staffed = (desk) => Boolean(desk.current?.pop.employees.length);
const state =
  (...states) =>
  (desk) =>
    states.includes(desk.picture.me.state);
const idleOrPausing = (desk) =>
  state("paused", "wrap_up", "signed_out")(desk) || Boolean(desk.picture.me.after);
const ringable = (desk) => desk.may.has("ring") && Boolean(desk.choice?.tries.length);
const hasBlocks = (desk) => desk.may.has("save_draft") && Boolean(desk.current.pop.text_blocks?.length);
const asksColleague = (desk) => desk.may.has("connect") && Boolean(desk.current.view.put_through?.colleague);
const block = (standing) => (desk) => desk.picture.block?.state === standing;
const passing = (desk) => desk.notices.some((notice) => notice.kind !== "message");

// `key`: as typed; `shift`: exactly so for letters; `hand`: opened by the agent;
// `bar`: also a button at the put-through; `footer`: shown below.
export const KEYS = [
  { id: "ready", key: "b", when: idleOrPausing, act: deeds.ready, footer: true },
  { id: "search", key: "/", when: staffed, act: deeds.search, footer: true },
  { id: "pick", key: "1", when: staffed, act: (desk, event) => deeds.pick(desk, Number(event.key) - 1) },
  { id: "down", key: "ArrowDown", when: staffed, act: (desk) => deeds.step(desk, 1), repeat: true },
  { id: "up", key: "ArrowUp", when: staffed, act: (desk) => deeds.step(desk, -1), repeat: true },
  { id: "hand_over", key: " ", when: asksColleague, act: deeds.connect, bar: true, main: true, footer: true },
  {
    id: "connect",
    key: " ",
    when: (desk) => desk.may.has("connect") && !asksColleague(desk),
    act: deeds.connect,
    bar: true,
    main: true,
    footer: true,
  },
  { id: "switch", key: " ", when: may("switch"), act: deeds.switchOver, bar: true, main: true, footer: true },
  {
    id: "ring",
    key: "r",
    when: ringable,
    act: (desk) => deeds.ring(desk, "hold"),
    bar: true,
    main: true,
    footer: true,
  },
  {
    id: "ring_talk",
    key: "r",
    shift: true,
    when: ringable,
    act: (desk) => deeds.ring(desk, "talk"),
    bar: true,
    footer: true,
  },
  { id: "number", key: "d", when: mayRingOutside, act: deeds.writeNumber, footer: true },
  { id: "colleagues", key: "c", when: canAsk, act: toColleagues, footer: true },
  { id: "hold", key: "h", when: may("hold"), act: deeds.hold, footer: true },
  { id: "cancel", key: "x", when: may("cancel"), act: deeds.cancel, bar: true, footer: true },
  { id: "back", key: "Escape", hand: true, when: may("back"), act: deeds.back, bar: true, footer: true },
  { id: "note", key: "n", when: may("save_draft"), act: deeds.writeNote, footer: true },
  { id: "text_blocks", key: "t", when: hasBlocks, act: deeds.textBlocks },
  { id: "callback", key: "k", when: may("save_draft"), act: deeds.flipCallback },
  { id: "save", key: "Enter", ctrl: true, when: may("save_note"), act: deeds.saveNote, footer: true },
  { id: "close", key: "o", when: may("close_call"), act: (desk) => desk.openMenu("close"), footer: true },
  { id: "put_away", key: "o", when: may("put_away"), act: deeds.putAway, footer: true },
  {
    id: "close_dock",
    key: "Escape",
    hand: true,
    when: (desk) => Boolean(desk.dock),
    act: deeds.closeDock,
  },
  { id: "to_live", key: "Escape", hand: true, when: (desk) => desk.live !== null, act: deeds.toLive },
  { id: "block", key: "s", when: block("offered"), act: deeds.blockCaller, footer: true },
  { id: "release", key: "z", when: block("blocked"), act: deeds.releaseCaller, footer: true },
  {
    id: "put_off",
    key: "Escape",
    when: (desk) => Boolean(desk.picture.block) && !desk.may.has("back"),
    act: deeds.putOffBlock,
  },
  {
    id: "correct",
    key: "l",
    when: (desk) => desk.picture.notes.length > 0,
    act: (desk) => deeds.correct(desk),
  },
  { id: "greeting", key: "g", when: (desk) => desk.said.folds(desk.current), act: deeds.turnGreeting },
  { id: "faq", key: "f", when: inCall, act: (desk) => deeds.openDock(desk, "faq"), footer: true },
  {
    id: "earlier",
    key: "e",
    when: (desk) => Boolean(desk.current?.earlier.length),
    act: (desk) => deeds.openDock(desk, "earlier"),
  },
  { id: "hang_up", key: "x", shift: true, when: may("hang_up"), act: deeds.hangUp },
  {
    id: "pause",
    key: "p",
    when: (desk) => state("ready", "wrap_up", "ringing", "talking")(desk) && !desk.picture.me.after,
    act: (desk) => desk.openMenu("pause"),
    footer: true,
  },
  { id: "dismiss", key: "w", when: (desk) => desk.notices.length > 0, act: deeds.dismiss },
  { id: "dismiss_free", key: "Escape", when: passing, act: deeds.dismissPassing },
  { id: "fetch", key: "a", when: canFetch, act: toWaiting, footer: true },
  { id: "sheet", key: "?", when: () => true, act: deeds.sheet, footer: true },
];

export const keyOf = (id) => KEYS.find((entry) => entry.id === id);

/** The key as it has to be pressed now, which is another one where letters are text. */
export function capOf({ id, key, ctrl }) {
  const cap = t(`keys.${id}.cap`);
  if (writes(document.activeElement) && (key === " " || key === "Escape")) return t("keys.after_esc", { cap });
  return needsAlt({ key, ctrl }) ? t("keys.with_alt", { cap }) : cap;
}

/** A single key that would be a letter, or is switched off. */
export function needsAlt({ key, ctrl }) {
  const writing = writes(document.activeElement);
  return key.length === 1 && !ctrl && (writing ? key !== " " : !prefs.letters);
}

/** The letter meant, also with Alt, where some systems make another character of it. */
function letterOf(event) {
  if (event.altKey && /^(Key|Digit)/.test(event.code) && !/^[a-z0-9/?]$/i.test(event.key))
    return event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function fits(entry, event, letter) {
  if (Boolean(entry.ctrl) !== (event.ctrlKey || event.metaKey)) return false;
  if (entry.id === "pick") return /^[1-9]$/.test(letter);
  const caseMatters = /^[a-z]$/.test(entry.key);
  return entry.key === letter && (!caseMatters || Boolean(entry.shift) === event.shiftKey);
}

/** True when the key was for whoever writes there; Esc leaves. */
function whereOneWrites(desk, event) {
  if (!writes(event.target)) return false;
  if (isEcho(event)) {
    event.preventDefault();
    return true;
  }
  if (event.key === "Escape") {
    deeds.leaveField(desk, event.target);
    return true;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  noteLetter(event);
  if (!isLost(event)) return true;
  sayNothingWritten(desk);
  if (pressesButton(event)) event.preventDefault();
  return true;
}

/** Letters at a button go nowhere: neither into the text nor to the telephone. */
function sayNothingWritten(desk) {
  const text = t("note.no_field");
  if (!desk.notices.some((notice) => notice.text === text)) desk.notice("info", text);
}

function inMenu(desk, event, letter) {
  if (!desk.menu) return false;
  const { items, act } = MENUS[desk.menu];
  const item = items[Number(letter) - 1];
  if (event.key === "Escape") desk.openMenu(desk.menu);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") stepMenu(event.key === "ArrowDown" ? 1 : -1);
  else if (item && fitsMenu(desk, desk.menu, item)) act(desk, item);
  else return false;
  return true;
}

/** A single key that must not count: switched off, or still meant for a field. */
function unmeant(event) {
  if (event.key.length > 1 || event.altKey || event.ctrlKey) return false;
  return !prefs.letters || stillMeant(event);
}

const pressesButton = (event) =>
  event.target.matches?.("button, summary, a") && [" ", "Enter"].includes(event.key) && !event.ctrlKey;

/** The space bar is ours also when it has nothing to do: the page would move under the eyes. */
const scrolls = (event) =>
  event.key === " " && (event.target === document.body || event.target.id === "centre");

/** True when the key was ours. */
function handle(desk, event) {
  if (event.isComposing || event.defaultPrevented || event.getModifierState("AltGraph")) return false;
  if (document.querySelector("dialog[open]")) return event.key === "?" && (deeds.sheet(desk), true);
  const letter = letterOf(event);
  if (!isField(event.target) && inMenu(desk, event, letter)) return true;
  if (whereOneWrites(desk, event) || pressesButton(event) || unmeant(event)) return event.key === "Escape";
  const fitting = KEYS.filter((e) => fits(e, event, letter) && e.when(desk));
  const entry = event.key === "Escape" ? lastOpened(fitting) : fitting[0];
  if (!entry || (event.repeat && !entry.repeat)) return scrolls(event);
  if (event.ctrlKey || event.altKey) lettersDone();
  noteDeed(event);
  entry.act(desk, entry.id === "pick" ? { key: letter } : event);
  return true;
}

export function listen(desk) {
  document.addEventListener("keydown", (event) => handle(desk, event) && event.preventDefault());
  followPointer();
  followOpenings(desk, KEYS.filter((entry) => entry.key === "Escape"));
}
