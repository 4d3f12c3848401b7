// Putting the list in order: by pointer at the grip, or by keyboard on the arrows; told aloud each time.

import { send } from "../web/kit/send.js";

const list = document.querySelector("[data-order]");
const live = document.querySelector("[data-live]");
if (list) orderable(list);

function orderable(list) {
  const items = () => [...list.children];

  const tell = (item) => {
    const words = { "%q": item.querySelector("h2").textContent, "%p": Number(list.dataset.begins) + items().indexOf(item) + 1, "%n": list.dataset.total };
    live.textContent = list.dataset.moved.replace(/%[qpn]/g, (gap) => words[gap]);
  };

  const store = async (item) => {
    const order = items().map((one) => one.dataset.id).join(",");
    const answer = await send(item.querySelector("form"), list.dataset.order, { order });
    if (answer?.done) tell(item);
    else live.textContent = list.dataset.stale;
  };

  const step = (item, button) => {
    const other = button.value === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (button.value === "up") other.before(item);
    else other.after(item);
    const still = getComputedStyle(button).visibility !== "hidden";
    (still ? button : item.querySelector(`.move:not([value="${button.value}"])`)).focus();
    store(item);
  };

  list.addEventListener("submit", (event) => {
    event.preventDefault();
    step(event.target.closest("li"), event.submitter);
  });

  list.addEventListener("keydown", (event) => {
    const value = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!value || !event.target.matches(".move")) return;
    event.preventDefault();
    const item = event.target.closest("li");
    step(item, item.querySelector(`[value="${value}"]`));
  });

  list.addEventListener("pointerdown", (event) => {
    if (!event.target.matches("[data-grip]")) return;
    event.preventDefault();
    const item = event.target.closest("li");
    const before = items().indexOf(item);
    item.classList.add("is-held");
    const drag = (move) => {
      const over = items().find((one) => {
        const box = one.getBoundingClientRect();
        return one !== item && move.clientY > box.top && move.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      if (move.clientY < box.top + box.height / 2) over.before(item);
      else over.after(item);
    };
    const drop = () => {
      document.removeEventListener("pointermove", drag);
      item.classList.remove("is-held");
      if (items().indexOf(item) !== before) store(item);
    };
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", drop, { once: true });
    document.addEventListener("pointercancel", drop, { once: true });
  });
}
