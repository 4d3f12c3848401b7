// Changing the page in place: nothing is rebuilt that still stands, so focus, letters and pointer stay where they are.

/** h("p", { class: "x", onclick: f, "aria-label": "y" }, "text", node): data only ever becomes text, never markup. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else attr(node, name === "class" ? "class" : name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else {
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

export function show(node, yes) {
  if (node.hidden === Boolean(yes)) node.hidden = !yes;
}

const lists = new WeakMap(); // parent → its rows by key

/** A list in place: rows are known by their key, made once, updated, and moved only when their order changed. */
export function keyed(parent, items, keyOf, create, update) {
  const rows = lists.get(parent) ?? new Map();
  lists.set(parent, rows);
  const wanted = new Map(items.map((item) => [String(keyOf(item)), item]));
  for (const [key, row] of rows) {
    if (wanted.has(key)) continue;
    row.remove();
    rows.delete(key);
  }
  let place = parent.firstElementChild;
  let index = 0;
  for (const [key, item] of wanted) {
    let row = rows.get(key);
    if (!row) {
      row = create(item);
      row.dataset.key = key;
      rows.set(key, row);
    }
    update(row, item, index++);
    if (row === place) place = place.nextElementSibling;
    else parent.insertBefore(row, place);
  }
}

const SVG = "http://www.w3.org/2000/svg";
const RING = ["circle", { cx: 8, cy: 8, r: 6.25, class: "stroke" }];
const SHAPES = {
  waiting: [RING, ["path", { d: "M8 8V1.75A6.25 6.25 0 0 1 14.25 8Z", class: "fill" }]],
  ringing: [RING, ["circle", { cx: 8, cy: 8, r: 3, class: "fill" }]],
  talking: [["circle", { cx: 8, cy: 8, r: 6.75, class: "fill" }]],
  consulting: [RING, ["path", { d: "M8 1.75A6.25 6.25 0 0 0 8 14.25Z", class: "fill" }]],
  away: [RING],
  failed: [["path", { d: "M8 1.5 15 14.25H1Z", class: "fill" }]],
  late: [RING, ["path", { d: "M8 8V1.75A6.25 6.25 0 1 1 1.75 8Z", class: "fill" }]],
  correction: [["path", { d: "M2.5 13.5 3.4 10 10.6 2.8 13.2 5.4 6 12.6Z", class: "stroke" }]],
  uncertain: [
    ["path", { d: "M5 5.6a3 3 0 1 1 4.4 2.6C8.4 8.8 8 9.4 8 10.4M8 13.2v.3", class: "stroke thick" }],
  ],
  done: [["path", { d: "M2.5 8.5 6.5 12.5 13.5 4", class: "stroke thick" }]],
  none: [["path", { d: "M3 8h10", class: "stroke" }]],
};

/** The shape of a state; colour comes with it, the word stands beside it. */
export function shape(kind) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  setShape(svg, kind);
  return svg;
}

export function setShape(svg, kind) {
  if (svg.dataset.shape === kind) return;
  svg.dataset.shape = kind;
  svg.setAttribute("class", `shape is-${kind}`);
  svg.replaceChildren(
    ...SHAPES[kind].map(([tag, props]) => {
      const node = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
      return node;
    }),
  );
}
