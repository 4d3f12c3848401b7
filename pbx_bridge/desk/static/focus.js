// Focus is always where the next act is, and never leaves a field in which somebody types.

import { fieldFocus, firstGap } from "./view/fields.js";

/** Somebody can type here. In a sheet that has just closed the focus stays for a moment, but nobody types. */
export const isField = (node) =>
  Boolean(node?.matches?.("input, textarea, select, [contenteditable]")) && node.checkVisibility();

export function focusIn(selector) {
  const node = document.querySelector(selector);
  node?.focus();
  node?.select?.();
}

/** Nobody's field: here the single keys work. */
export function focusCentre() {
  document.getElementById("centre").focus({ preventScroll: true });
}

/** Once drawn: what to say and the keys of the put-through, on a window too low for all. */
export function backToTop() {
  queueMicrotask(() => document.getElementById("centre").scrollTo(0, 0));
}

const mark = (open) => open && `${open.view.call} ${open.view.phase}`;

/** A menu that opens takes the focus, and gives it back to where it came from. */
export function followMenu(desk) {
  let [open, from] = [null, null];
  desk.addEventListener("change", () => {
    if (desk.menu === open) return;
    if (desk.menu) {
      from ??= document.activeElement;
      document.querySelector(`[data-menu=${desk.menu}] button`)?.focus();
    } else {
      if (from?.offsetParent) from.focus();
      else focusCentre();
      from = null;
    }
    open = desk.menu;
  });
}

/** One item up or down, round and round. */
export function stepMenu(by) {
  const items = [...(document.activeElement.closest("[role=menu]")?.children ?? [])];
  items.at((items.indexOf(document.activeElement) + by) % items.length)?.focus();
}

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
