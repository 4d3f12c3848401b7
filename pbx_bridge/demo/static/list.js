// Keeps a list's elements by key and changes only what is different: nothing flickers, nothing loses its focus.

export function list(root, make, update) {
  const rows = new Map();
  return (items, keyOf) => {
    const wanted = new Set(items.map(keyOf));
    for (const [key, row] of rows) {
      if (!wanted.has(key)) { row.remove(); rows.delete(key); }
    }
    items.forEach((item, place) => {
      const key = keyOf(item);
      if (!rows.has(key)) rows.set(key, make(item));
      const row = rows.get(key);
      if (root.children[place] !== row) root.insertBefore(row, root.children[place] ?? null);
      update(row, item);
    });
  };
}

export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function make(tag, { on = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, deed] of Object.entries(on)) element.addEventListener(name, deed);
  element.append(...children);
  return element;
}
