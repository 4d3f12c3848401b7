// Focus is always where the next act is, and never leaves a field in which somebody types.

import { ledNoFurther, lettersDone, writes } from "./letters.js";

export function focusIn(selector) {
  const node = document.querySelector(selector);
  node?.focus();
  node?.select?.();
}

/** The first field that is required and empty, else the concern: where the next letter belongs. */
export function firstGap() {
  const controls = [...document.querySelectorAll("desk-note [data-required]")].filter(
    (control) => control.offsetParent,
  );
  return (
    controls.find((control) => !control.value.trim()) ?? document.querySelector("desk-note [name=concern]")
  );
}

export function fieldFocus(control) {
  if (!control?.offsetParent) return;
  control.focus();
  const end = control.value?.length ?? 0;
  if (control.matches("input[type=text], textarea")) control.setSelectionRange(end, end);
}

/** Colleagues who are free, as the list of them shows them. */
export const freeColleagues = () => [...document.querySelectorAll("desk-colleagues .ask:not([hidden])")];

/** The first who is free; arrows lead on. */
export const toColleagues = () => freeColleagues()[0]?.focus();

/** Callers who may be picked, as the waiting list shows them. */
export const pickable = () => [...document.querySelectorAll("desk-waiting .pick:not([hidden])")];

/** The first of those who wait; from there the arrows lead on. */
export const toWaiting = () => pickable()[0]?.focus();

function toCentre() {
  ledNoFurther();
  document.getElementById("centre").focus({ preventScroll: true });
}

/** Nobody's field, and meant: here the single keys work from now on. */
export function focusCentre() {
  lettersDone();
  toCentre();
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
  const all = [...(document.activeElement.closest("[role=menu]")?.children ?? [])];
  const items = all.filter((item) => !item.hidden);
  items.at((items.indexOf(document.activeElement) + by) % items.length)?.focus();
}

/** Somebody is where their next key is meant, in the note or at a button; a field that is hidden now is nobody's place. */
const isPlaced = (node) => node !== document.body && node?.checkVisibility();

/**
 * Moves the focus when the call has moved on: to the note when somebody else talks with the caller and only the note is
 * left, else to the keys. Whoever writes goes on writing, and nobody is led into a field while the keys still work.
 */
export function followFocus(desk) {
  let last = null;
  desk.addEventListener("change", () => {
    const open = desk.current;
    if (mark(open) === last) return;
    const now = (last = mark(open));
    const active = document.activeElement;
    if (open?.view.phase === "joined") {
      if (!isPlaced(active) || !active.closest("desk-note"))
        setTimeout(() => last === now && fieldFocus(firstGap()));
    } else if (!isPlaced(active)) toCentre();
    else if (open?.view.phase !== "ended" && !writes(active)) focusCentre();
  });
}
