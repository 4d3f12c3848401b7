// Focus is always where the next act is, and never leaves a field in which somebody types.

import { fieldFocus, firstGap } from "./view/fields.js";

export const isField = (node) => Boolean(node?.matches?.("input, textarea, select, [contenteditable]"));

export function focusIn(selector) {
  const node = document.querySelector(selector);
  node?.focus();
  node?.select?.();
}

/** Nobody's field: here the single keys work. */
export function focusCentre() {
  document.getElementById("centre").focus({ preventScroll: true });
}

const mark = (open) => open && `${open.view.call} ${open.view.phase}`;

/** Moves the focus when the call has moved on: to the note when only the note is left, else to the keys. */
export function followFocus(desk) {
  let last = null;
  desk.addEventListener("change", () => {
    const open = desk.current;
    if (mark(open) === last) return;
    const now = (last = mark(open));
    const active = document.activeElement;
    const typing = isField(active) && active.offsetParent !== null;
    if (["joined", "ended"].includes(open?.view.phase)) {
      if (!active?.closest?.("desk-note") || active.offsetParent === null) {
        setTimeout(() => last === now && fieldFocus(firstGap()));
      }
    } else if (!typing) focusCentre();
  });
}
