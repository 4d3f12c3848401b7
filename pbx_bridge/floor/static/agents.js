// One row an agent: the state as the agent's own desk shows it, the call, and two things one can do.

import { attr, h, keyed, setShape, shape, show, text } from "../web/dom.js";
import { maybe, t } from "../web/texts.js";
import { companyTag, setCompany } from "./company.js";

const SHAPES = {
  signed_out: "none",
  ready: "done",
  paused: "away",
  wrap_up: "waiting",
  ringing: "ringing",
  talking: "talking",
  unavailable: "failed",
};
/** Steps that the agent's state says already. */
const PLAIN = new Set(["offered", "talking"]);
const STEP_SHAPES = {
  joined: "talking",
  held: "waiting",
  ringing: "ringing",
  answered: "consulting",
  consulting: "consulting",
  connecting: "talking",
  returning: "waiting",
};

function stateWord({ state, reason }) {
  const why = state === "paused" && maybe(`reason.${reason}`);
  return why ? t("state.paused_for", { reason: why }) : t(`state.${state}`);
}

export class AgentRows {
  #body;
  #actions;

  constructor(body, actions) {
    this.#body = body;
    this.#actions = actions;
  }

  /** `stale`: nobody knows whether it is still so. */
  draw(agents, stale) {
    const row = (one, agent) => update(one, agent, stale);
    keyed(this.#body, agents, (agent) => agent.id, () => this.#create(), row);
  }

  #create() {
    const row = h("tr");
    const bits = {
      name: h("span", { class: "name" }),
      note: h("span", { class: "note muted" }),
      state: stateCell(),
      call: callCell(),
      text: this.#button("text", () => this.#actions.text(row.agent)),
      leave: this.#button("log_out", () => this.#actions.leave(row.agent)),
      stay: this.#button("stay", () => this.#actions.stay(row.agent)),
    };
    const cell = h("td", {}, h("div", { class: "deeds" }, bits.text, bits.leave, bits.stay));
    row.append(h("th", { scope: "row" }, bits.name, bits.note), bits.state, bits.call, cell);
    return Object.assign(row, { bits });
  }

  #button(word, onclick) {
    return h("button", { type: "button", class: "button is-small", onclick }, t(`agents.${word}`));
  }
}

function stateCell() {
  const [icon, word, timer] = [shape("none"), h("span"), document.createElement("floor-timer")];
  return Object.assign(h("td", {}, h("div", { class: "state" }, icon, word, timer)), { icon, word, timer });
}

function callCell() {
  const bits = {
    company: companyTag(),
    icon: shape("talking"),
    step: h("span"),
    timer: document.createElement("floor-timer"),
  };
  const step = h("span", { class: "state" }, bits.icon, bits.step, bits.timer);
  const line = h("div", { class: "running" }, bits.company, step);
  return Object.assign(h("td", {}, line), { line, stepLine: step, ...bits });
}

function update(row, agent, stale) {
  const { bits } = row;
  row.agent = agent;
  text(bits.name, agent.name);
  const away = agent.state === "signed_out" && !agent.desk_open;
  attr(row, "data-away", away);
  text(bits.note, agent.leaving ? t("agents.leaving") : agent.desk_open || away ? "" : t("agents.no_desk"));
  setShape(bits.state.icon, stale ? "uncertain" : (SHAPES[agent.state] ?? "uncertain"));
  text(bits.state.word, stale ? t("state.last", { state: stateWord(agent) }) : stateWord(agent));
  const since = agent.call && agent.state === "talking" ? agent.call.call_since : agent.since;
  bits.state.timer.set(stale ? null : since);
  updateCall(bits.call, agent.call, stale);
  show(bits.text, agent.desk_open);
  show(bits.leave, !agent.leaving && (agent.desk_open || agent.state !== "signed_out"));
  show(bits.stay, agent.leaving);
  attr(bits.text, "aria-label", t("agents.text_to", agent));
  attr(bits.leave, "aria-label", t("agents.log_out_whom", agent));
  attr(bits.stay, "aria-label", t("agents.stay_whom", agent));
}

function updateCall(cell, call, stale) {
  show(cell.line, call);
  if (!call) return;
  setCompany(cell.company, call.company);
  show(cell.stepLine, !PLAIN.has(call.step));
  if (PLAIN.has(call.step)) return;
  setShape(cell.icon, stale ? "uncertain" : (STEP_SHAPES[call.step] ?? "consulting"));
  text(cell.step, t(`step.${call.step}`));
  cell.timer.set(call.since);
}
