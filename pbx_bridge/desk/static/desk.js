// The desk of one agent: the server's picture, what is chosen here, and the one way in which both change.

import { announce } from "./announce.js";
import { orphans } from "./backup.js";
import { Drafts } from "./drafts.js";
import { Finding } from "./finding.js";
import { Held } from "./held.js";
import { keepPlace, placeBefore } from "./place.js";
import { Readings } from "./readings.js";
import { Said } from "./said.js";
import { DeskSocket } from "./socket.js";
import { currentCall, EMPTY, fold, mayOf } from "./state.js";
import { maybe, t } from "./texts.js";
import { setServerTime } from "./time.js";

const NOTICE_MS = 7000;

/** Events: "change" (views redraw), "fold" (detail: { event, before }) for sound and focus. */
export class Desk extends EventTarget {
  picture = EMPTY;
  agent = "";
  agentId = "";
  connection = { state: "starting", since: null }; // starting, up, down; since: when the server was heard last
  menu = null; // pause, close
  dock = null; // faq, earlier
  outside = null; // the call for which a number is typed
  notices = [];
  shown = []; // employees as listed now, after the search
  errors = new Map(); // call → { field: code } of the last attempt to save
  pending = new Set();
  unwanted = new Set(); // calls left without a note, or with a correction put away, from this page
  #held = new Held((call) => !this.unwanted.has(call) && this.drafts.ahead(call));
  said = new Said(() => this.changed());
  #menuOf = null; // the call that was in front when the menu opened
  #byHand = null;
  #fronts = []; // calls as they were in front, the last one first
  #choices = new Map();
  #drawn = true;
  #notice = 0;

  constructor(path) {
    super();
    const { front = null, fronts = [], chosen = [], dock = null } = placeBefore();
    [this.#byHand, this.#fronts, this.#choices, this.dock] = [front, fronts, new Map(chosen), dock];
    this.socket = new DeskSocket(path);
    this.drafts = new Drafts((call, draft) =>
      this.socket.send({ type: "save_draft", call, ...draft }, { patient: true }),
    );
    this.readings = new Readings((call, body) =>
      this.socket.send({ type: "check_note", call, body }, { patient: true }),
    );
    this.finding = new Finding((command) => this.socket.send(command, { patient: true }));
    for (const source of [this.drafts, this.readings, this.finding])
      source.addEventListener("change", () => this.changed());
    this.drafts.addEventListener("pushed", ({ detail }) => this.#pushed(detail));
    this.drafts.addEventListener("both", () => this.notice("info", t("note.both_texts")));
    this.socket.addEventListener("hello", ({ detail }) => this.#hello(detail));
    this.socket.addEventListener("event", ({ detail }) => this.#fold(detail));
    this.socket.addEventListener("up", () => this.#up());
    this.socket.addEventListener("beat", ({ detail }) => setServerTime(detail.now));
    this.socket.addEventListener("down", ({ detail }) => this.#down(detail));
    this.socket.addEventListener("leave", () => location.assign("/login"));
  }

  get current() {
    return currentCall(this.picture, this.#byHand, this.#fronts);
  }

  get may() {
    return mayOf(this.current);
  }

  get online() {
    return this.connection.state === "up";
  }

  /** What is on the screen is how it was, and may be otherwise by now. */
  get stale() {
    return this.connection.state === "down";
  }

  /** Calls, phones and who waits are shown as the PBX last told them. */
  get unsure() {
    return this.stale || (this.online && this.picture.link.pbx === "down");
  }

  get unsureSince() {
    return this.stale ? this.connection.since : this.picture.link.since;
  }

  /** What goes on at the telephone whatever is gone behind the desk, as far as is known: "talks", "holds" or null. */
  get goesOn() {
    const all = this.picture.calls.map(({ view }) => goesOn(view));
    return ["talks", "holds"].find((one) => all.includes(one)) ?? null;
  }

  /** The conversation behind a correction that is in front of it; null when nothing is hidden. */
  get live() {
    if (!this.current?.view.correction) return null;
    return this.picture.calls.find(({ view }) => ["talking", "putting_through", "offered", "asked"].includes(view.phase)) ?? null;
  }

  /** Letters that only this machine has, of calls that are not on the screen. */
  get left() {
    return orphans(this.agent, new Set(this.picture.calls.map((open) => open.view.call)));
  }

  /** The employee chosen for the current call, or null. */
  get choice() {
    const open = this.current;
    const id = open && this.#choices.get(open.view.call);
    return open && id ? this.finding.employee(open.pop, id) : null;
  }

  choose(employee) {
    const open = this.current;
    if (!open) return;
    this.#choices.set(open.view.call, employee?.id ?? null);
    if (employee) this.drafts.asked(open.view.call, employee.id);
    this.changed();
  }

  turnTo(call) {
    this.#byHand = call;
    this.menu = null;
    this.#clearNotices();
    this.changed();
  }

  openMenu(name) {
    this.menu = this.menu === name ? null : name;
    this.#menuOf = this.current?.view.call ?? null;
    this.changed();
  }

  /** A sentence that floats for a moment. `kind`: info, good, refused, or message, which a person closes. */
  notice(kind, text) {
    const id = ++this.#notice;
    const others = this.notices.filter((old) => old.text !== text);
    const stay = others.filter((old) => old.kind === "message");
    const pass = others.filter((old) => old.kind !== "message");
    this.notices = [...stay, ...pass.slice(-2), { id, kind, text }];
    announce(text);
    if (kind !== "message")
      setTimeout(() => this.dismiss(id), kind === "refused" ? NOTICE_MS * 1.5 : NOTICE_MS);
    this.changed();
  }

  /** The newest sentence goes; `passing`: only one that would go by itself. */
  dismissNewest(passing = false) {
    const old = this.notices.findLast((notice) => !passing || notice.kind !== "message");
    if (old) this.dismiss(old.id);
  }

  dismiss(id) {
    const before = this.notices.length;
    this.notices = this.notices.filter((notice) => notice.id !== id);
    if (before !== this.notices.length) this.changed();
  }

  /** Views redraw once for everything that changed in this turn. */
  changed() {
    if (!this.#drawn) return;
    this.#drawn = false;
    queueMicrotask(() => {
      this.#drawn = true;
      this.#remember(this.current?.view.call);
      keepPlace({ front: this.#byHand, fronts: this.#fronts, chosen: [...this.#choices], dock: this.dock });
      this.dispatchEvent(new Event("change"));
    });
  }

  /** What is drawn now is in front, of the calls that are here. */
  #remember(front) {
    const here = this.picture.calls.map(({ view }) => view.call);
    if (front) this.#fronts = [front, ...this.#fronts.filter((call) => call !== front && here.includes(call))];
  }

  #hello(message) {
    setServerTime(message.now);
    this.agent = this.drafts.agent = message.agent;
    this.agentId = message.agent_id;
  }

  #up() {
    this.connection = { state: "up", since: null };
    this.drafts.flush();
    this.finding.again();
    this.changed();
  }

  #down(since) {
    if (this.connection.state !== "down") this.connection = { state: "down", since };
    this.changed();
  }

  #fold(event) {
    const before = this.picture;
    const gone =
      event.type === "offer_gone" ? before.calls.find((open) => open.view.call === event.call) : null;
    const front = this.current?.view.call;
    if (event.type === "offer" && !event.view.correction) this.#byHand = this.#keepWriting();
    const again = event.type === "offer" && this.#held.has(event.view.call);
    this.picture = this.#held.fold(fold(before, event), before, event);
    if (front && (this.#held.has(front) || (again && event.view.call === front))) this.#byHand = front;
    for (const open of this.picture.calls) this.drafts.open(open);
    this.#tidy(event);
    this.#joined(event);
    this.#renew(before);
    const comes = event.type === "offer" || event.type === "call";
    if (comes && this.current?.view.call !== front) this.#clearNotices();
    if (gone) this.notice("info", goneText(event, gone));
    if (event.type === "notice") {
      const kind = { from_supervisor: "message", some_not_reached: "refused" }[event.code] ?? this.#unheard(event) ?? "info";
      this.notice(kind, maybe(`notices.${event.code}`, event.params) ?? t("notices.other", event));
    }
    this.dispatchEvent(new CustomEvent("fold", { detail: { event, before } }));
    this.changed();
  }

  /** Whatever brought another pop: a change, the same call offered once more, or a snapshot. */
  #renew(before) {
    const pops = new Map(before.calls.map(({ pop, view }) => [view.call, pop]));
    for (const { pop, view } of this.picture.calls) if (pops.get(view.call) !== pop) this.finding.renew(view.call);
  }

  /** What was said of one call does not lie over the next. */
  #clearNotices() {
    this.notices = this.notices.filter((notice) => notice.kind === "message");
  }

  /** A note that reached nobody is never just "saved". */
  #unheard({ code }) {
    if (!/^(told|recipient_gone)_nobody/.test(code)) return null;
    this.untold = true;
    this.notices = this.notices.filter((notice) => notice.kind !== "good");
    return "refused";
  }

  /** The last letters of a call that the server has closed are there, or nobody takes them. */
  #pushed({ call, answer }) {
    if (this.#held.isOver(call, answer, this.drafts.state(call)))
      this.#fold({ type: "call_closed", call, final: true });
  }

  /** Whoever took the call gets the note, if nobody was named for it. */
  #joined({ type, view }) {
    const taken = type === "call" && view.joined_with;
    if (taken && !this.drafts.body(view.call).recipients.length)
      this.drafts.asked(view.call, view.joined_with);
  }

  /** A new call does not take the note from under the fingers: it rings beside, and comes first when it is answered. */
  #keepWriting() {
    const typing = document.activeElement?.closest?.("desk-note");
    return typing ? (this.current?.view.call ?? null) : null;
  }

  #tidy(event) {
    const closed = (event.type === "call_closed" || event.type === "offer_gone") && !this.#held.has(event.call);
    if (closed) {
      this.readings.forget(event.call);
      this.finding.forget(event.call);
      this.said.forget(event.call);
      this.drafts.forget(event.call, { unwanted: this.unwanted.delete(event.call) });
    }
    const answered =
      event.type === "call" && event.view.phase === "talking" && event.view.call !== this.#byHand;
    if (answered || !this.picture.calls.some((open) => open.view.call === this.#byHand)) this.#byHand = null;
    if (closed) for (const map of [this.#choices, this.errors]) map.delete(event.call);
    // What was opened for one call must not close another: its digits are the next caller's employees, too.
    if (this.menu === "close" && (this.current?.view.call ?? "") !== this.#menuOf) this.menu = null;
    if (!this.current) this.dock = null;
  }
}

/** While the caller hears music and nobody has picked up yet, the agent talks to nobody. */
function goesOn({ phase, put_through: through }) {
  if (phase === "talking") return "talks";
  if (phase !== "putting_through") return null;
  return through?.step === "consulting" || (through && !through.hold_since) ? "talks" : "holds";
}

function goneText(event, { pop }) {
  return t(`gone.${event.reason}`, { company: pop.company.name, by: event.by });
}
