// A bar that follows the server's work; when it is done the page shows the result.

const EVERY = 200;
const bar = document.querySelector("[data-progress]");

async function look() {
  const response = await fetch(bar.dataset.progress);
  const state = response.ok ? await response.json() : { ready: true };
  if (state.ready) location.reload();
  else {
    bar.max = state.total;
    bar.value = state.done;
    setTimeout(look, EVERY);
  }
}

setTimeout(look, EVERY);
