// What the server says, folded into one picture: the same rules as pbx_bridge/desk/stream/projection.py, pure, no page, no clock.

export const EMPTY = Object.freeze({
  me: { state: "signed_out", reason: "", since: null, wrap_up_until: null, after: "" },
  link: { pbx: "up", pbx_reason: "", since: null, mail: "unknown", sms: "unknown", storage: "up" },
  waiting: [],
  calls: [],
  notes: [],
  today: { calls: 0, in_time: 0, abandoned: 0 },
  mine: { calls: 0, in_time: 0, notes: 0, put_through: 0, talk_seconds: 0 },
  block: null,
  colleagues: [],
});

const change = (picture, call, changes) => ({
  ...picture,
  calls: picture.calls.map((open) => (open.view.call === call ? { ...open, ...changes } : open)),
});

const without = (picture, call) => ({
  ...picture,
  calls: picture.calls.filter((open) => open.view.call !== call),
});

const FOLDS = {
  snapshot: (_, { me, link, waiting, calls, notes, today, mine, block = null, colleagues = [] }) => ({
    me,
    link,
    waiting,
    calls,
    notes,
    today,
    mine,
    block,
    colleagues,
  }),
  me: (picture, event) => ({ ...picture, me: event.me }),
  link: (picture, event) => ({ ...picture, link: event.link }),
  waiting: (picture, event) => ({ ...picture, waiting: event.waiting }),
  colleagues: (picture, event) => ({ ...picture, colleagues: event.colleagues }),
  offer: (picture, { pop, view, draft = null, earlier = [] }) => ({
    ...picture,
    calls: [...without(picture, view.call).calls, { pop, view, draft, earlier }],
  }),
  offer_gone: (picture, event) => without(picture, event.call),
  call: (picture, event) => change(picture, event.view.call, { view: event.view }),
  pop_changed: (picture, event) => change(picture, event.pop.call, { pop: event.pop }),
  others_changed: (picture, { call, edition }) => ({
    ...picture,
    calls: picture.calls.map((open) => (open.view.call === call ? { ...open, pop: { ...open.pop, edition } } : open)),
  }),
  earlier: (picture, event) => change(picture, event.call, { earlier: event.earlier }),
  draft: (picture, event) => change(picture, event.draft.call, { draft: event.draft }),
  call_closed: (picture, event) => without(picture, event.call),
  notes: (picture, event) => ({ ...picture, notes: event.notes }),
  today: (picture, event) => ({ ...picture, today: event.today }),
  mine: (picture, event) => ({ ...picture, mine: event.mine }),
  block: (picture, event) => ({ ...picture, block: event.block }),
};

/** The picture after `event`. What this page does not know changes nothing. */
export function fold(picture, event) {
  return FOLDS[event.type]?.(picture, event) ?? picture;
}

const URGENCY = ["putting_through", "talking", "offered", "asked"]; // of all others the caller is gone
const OVER = ["ended", "joined"];

const urgency = ({ view }) => (URGENCY.includes(view.phase) ? URGENCY.indexOf(view.phase) : URGENCY.length);

/**
 * The call on which eyes and keys are: the one chosen by hand, else the most urgent. Where only notes are left, the one that
 * was in front last (`fronts`, newest first), for nobody is led away from a caller who has just hung up; then the older.
 */
export function currentCall(picture, chosen, fronts = []) {
  const byHand = picture.calls.find((open) => open.view.call === chosen);
  const last = ({ view }) => (fronts.includes(view.call) ? fronts.indexOf(view.call) : fronts.length);
  const order = (a, b) =>
    urgency(a) - urgency(b) ||
    last(a) - last(b) ||
    Boolean(a.view.correction) - Boolean(b.view.correction) ||
    OVER.indexOf(a.view.phase) - OVER.indexOf(b.view.phase);
  return byHand ?? [...picture.calls].sort(order)[0] ?? null;
}

const RINGING = ["offered", "asked"];

/** Whether this agent's phone rings for this call. */
export const rings = (picture, call) =>
  picture.calls.some(({ view }) => view.call === call && RINGING.includes(view.phase));

/** Commands that make sense for this call now. */
export function mayOf(open) {
  return new Set([...(open?.view.may ?? []), ...(open?.view.put_through?.may ?? [])]);
}
