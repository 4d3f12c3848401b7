// What may be offered now beside the commands that the server names: questions to the desk, asked by keys and views alike.

const FREE = new Set(["ready", "ringing", "wrap_up", "paused", "signed_out", "unavailable"]);

/** Whether this company's callers may be put through outside, and now. */
export const mayRingOutside = (desk) => {
  const company = desk.current?.pop.company;
  return Boolean(company?.put_through && !company.confidential && desk.may.has("ring"));
};

/** Who else works here. */
export const colleagues = (desk) =>
  (desk.picture.colleagues ?? []).filter(({ agent }) => agent !== desk.agentId);
export const isFree = ({ state }) => state === "ready";

/** Whether there is a caller who could be handed over, and somebody who is free. */
export const canAsk = (desk) => desk.may.has("ask_colleague") && colleagues(desk).some(isFree);

/** What rings at the own phone is answered there. */
const ringsHere = (desk, call) =>
  desk.picture.calls.some(({ view }) => view.call === call && view.phase === "offered");

/** Whether whoever waits there may be picked. */
export const mayPick = (desk, item) =>
  FREE.has(desk.picture.me.state) && !item.picked_by && !ringsHere(desk, item.call);

/** Whether somebody could be picked: a refusal says why not, only in a call there is nothing to offer. */
export const canFetch = (desk) => desk.picture.waiting.some((item) => mayPick(desk, item));
