// A link that names a field ("…#mobile") opens it: the field has the focus, not only the top of the window.

export function focusTarget(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (target && target.matches("input, select, textarea")) target.focus();
}
