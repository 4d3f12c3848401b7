// On a phone the seldom wanted parts of a long form are folded, but not what is wrong or asked for.

const NARROW = "(max-width: 640px)";

export function fold(parts, hash) {
  if (!matchMedia(NARROW).matches) return;
  const asked = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  for (const part of parts) {
    part.open = part.querySelector(".is-faulty, .theirs, .meant") !== null || part.contains(asked);
  }
}
