// For those who listen instead of look: what changed, once, in a sentence.

import { maybe, t, why } from "./texts.js";
import { takerOf } from "./finding.js";

let last = "";

export function announce(text) {
  const region = document.getElementById("live");
  if (!region || !text || text === last) return;
  last = text;
  region.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
  setTimeout(() => (last = last === text ? "" : last), 1500);
}

const callOf = (picture, id) => picture.calls.find((open) => open.view.call === id);

/** The sentence for what `event` changed, or "" when nobody needs to hear it. */
export function sentence(event, before) {
  if (event.type === "offer" && event.view.correction) return t("live.correction");
  if (event.type === "offer" && event.view.recalled) return t("live.recalled", { company: event.pop.company.name });
  if (event.type === "offer" && event.view.phase === "asked")
    return t("live.asked", { by: event.view.asked_by, company: event.pop.company.name });
  if (event.type === "offer") {
    const { company, caller } = event.pop;
    const vip = caller.kind === "vip" ? t("live.vip", { name: caller.name }) : "";
    return `${t("live.offer", { company: company.name })} ${vip}`.trim();
  }
  if (event.type === "call") return callSentence(event.view, callOf(before, event.view.call));
  if (event.type === "me") return meSentence(event.me, before.me);
  if (event.type === "block") return blockSentence(event.block, before);
  if (event.type === "link" && event.link.pbx !== before.link.pbx) return t(`live.pbx_${event.link.pbx}`);
  if (event.type === "link" && event.link.storage !== before.link.storage)
    return t(`live.storage_${event.link.storage}`);
  return "";
}

function meSentence(me, was) {
  if (me.state !== was.state) return t(`live.me.${me.state}`);
  if (me.after === was.after) return "";
  return me.after ? t("me.after", { reason: maybe(`pauses.${me.after}`) ?? me.after }) : t("live.no_pause");
}

/** How the offer to block a caller stands, as a sentence; `pbx`: up or down. */
export function blockWords({ state, caller, company, code, params }, pbx) {
  if (state === "refused") return t("block.refused", { why: why(code, params) });
  const later = state === "blocked" && pbx === "down";
  return t(later ? "block.later" : `block.${state}`, { caller, company });
}

function blockSentence(block, { block: was, link }) {
  if (!block) return "";
  return was?.state === "blocked" ? t("block.released", block) : blockWords(block, link.pbx);
}

function callSentence(view, open) {
  if (!open) return "";
  const [now, was] = [view.put_through, open.view.put_through];
  if (now && (now.step !== was?.step || now.current_name !== was?.current_name)) {
    return t(`live.step.${now.step}`, { name: now.current_name });
  }
  if (view.phase === open.view.phase) return "";
  if (view.phase === "talking" && view.tried.length) return t("live.back");
  return t(`live.phase.${view.phase}`, { name: takerOf({ pop: open.pop, view }) });
}
