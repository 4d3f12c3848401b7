// A page can be typed into before its scripts have come, and a browser that comes back fills in what was typed before: no event tells
// of either, so whoever follows a form asks here first.

/** What the form says, for comparing; files are left out. */
export const sign = (form) => JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));

/** The same as the server sent it. */
export function signSent(form) {
  const sent = form.cloneNode(true);
  sent.reset();
  return sign(sent);
}

/** Whether something was typed already. */
export const isTypedInto = (form) => sign(form) !== signSent(form);
