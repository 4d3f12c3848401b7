// A row opens in place to the whole call; without scripts its link leads to the call's own page.

const parser = new DOMParser();

async function open(link) {
  const row = link.closest("tr");
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    location.assign(link.href);
    return;
  }
  const call = parser.parseFromString(await answer.text(), "text/html").querySelector("[data-call]");
  const cell = document.createElement("td");
  cell.colSpan = row.cells.length;
  cell.append(document.importNode(call, true));
  const opened = document.createElement("tr");
  opened.className = "opened";
  opened.append(cell);
  row.after(opened);
  link.setAttribute("aria-expanded", "true");
}

function close(link) {
  link.closest("tr").nextElementSibling.remove();
  link.setAttribute("aria-expanded", "false");
}

for (const table of document.querySelectorAll("[data-calls]")) {
  for (const link of table.querySelectorAll(".name a")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
  }
  table.addEventListener("click", (event) => {
    const link = event.target.closest(".name a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy")) return;
    if (link.getAttribute("aria-expanded") === "true") {
      close(link);
      return;
    }
    link.setAttribute("aria-busy", "true");
    open(link)
      .catch(() => location.assign(link.href))
      .finally(() => link.removeAttribute("aria-busy"));
  });
  table.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches(".name a")) return;
    event.preventDefault();
    event.target.click();
  });
}
