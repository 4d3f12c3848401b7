// At ring time, for those who want it: two soft tones and a notification of the browser. Both are off at first.

import { prefs } from "./prefs.js";
import { t } from "./texts.js";

let context = null;
let shown = null;

function tone(at, frequency) {
  const [oscillator, gain] = [context.createOscillator(), context.createGain()];
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.12, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.4);
}

export function ringSignal({ company }) {
  if (prefs.sound) {
    context ??= new AudioContext();
    tone(context.currentTime + 0.01, 660);
    tone(context.currentTime + 0.21, 880);
  }
  if (prefs.notify && document.hidden && window.Notification?.permission === "granted") {
    shown = new Notification(t("live.offer", { company: company.name }), { tag: "desk-offer", silent: true });
    shown.onclick = () => window.focus();
  }
}

export function signalOver() {
  shown?.close();
  shown = null;
}

/** True when the person allowed it. */
export async function askToNotify() {
  return (await window.Notification?.requestPermission?.()) === "granted";
}
