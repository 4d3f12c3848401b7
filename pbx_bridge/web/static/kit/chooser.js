// A field that finds one of many while somebody types: by arrows and Enter, by mouse, by thumb.

import { send } from "./send.js";

const PAUSE = 150;
let lists = 0;

export function choosers(boxes) {
  for (const box of boxes) choosing(box);
}

function choosing(box) {
  const input = box.querySelector("input[type=search]");
  const chosen = box.querySelector("[data-chosen]");
  const list = document.createElement("ul");
  list.className = "choices";
  list.id = `choices-${++lists}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-controls", list.id], ["aria-autocomplete", "list"]])
    input.setAttribute(name, value);
  let timer = 0;
  let latest = 0;
  let at = -1;

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) move(-1);
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const move = (to) => {
    at = to;
    options().forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    const marked = options()[at];
    if (marked) input.setAttribute("aria-activedescendant", marked.id);
    else input.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  };
  const take = (id, words) => {
    chosen.value = id;
    input.value = words;
    box.querySelector(".meant")?.remove();
    show(false);
    chosen.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const draw = (found) => {
    const rows = found.map(({ id, words }, index) => {
      const row = document.createElement("li");
      row.setAttribute("role", "option");
      row.id = `${list.id}-${index}`;
      row.textContent = words;
      row.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      row.addEventListener("click", () => take(id, words));
      return row;
    });
    if (!rows.length) {
      const none = document.createElement("li");
      none.className = "hint";
      none.textContent = box.dataset.none;
      rows.push(none);
    }
    list.replaceChildren(...rows);
    show(true);
    move(found.length ? 0 : -1);
  };
  const look = async () => {
    const mine = ++latest;
    const found = await send(input.form, box.dataset.chooser, { q: input.value });
    if (found && mine === latest && document.activeElement === input) draw(found);
  };

  const follow = () => {
    chosen.value = "";
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(look, PAUSE);
    else take("", "");
  };

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // a few letters are nobody yet
    follow();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) look();
    else if (step) move((at + step + options().length) % options().length);
    else if (event.key === "Enter" && !list.hidden && at >= 0) options()[at].click();
    else if (event.key === "Escape" && !list.hidden) show(false);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    latest += 1;
    show(false);
  });
  if (input.value !== input.defaultValue) follow(); // before this script came
}
