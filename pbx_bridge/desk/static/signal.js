// At ring time, for those who want it: two soft tones and a notification of the browser. Both are off at first.

import { prefs } from "./prefs.js";
import { rings } from "./state.js";
import { t } from "./texts.js";

let context = null;
let shown = null; // the notification, and for which call

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

export function ringSignal({ call, company }) {
  if (prefs.sound) {
    context ??= new AudioContext();
    tone(context.currentTime + 0.01, 660);
    tone(context.currentTime + 0.21, 880);
  }
  if (prefs.notify && document.hidden && window.Notification?.permission === "granted") {
    const notification = new Notification(t("live.offer", { company: company.name }), { tag: "desk-offer", silent: true });
    notification.onclick = () => window.focus();
    shown = { call, notification };
  }
}

/** The notification goes as soon as the phone does not ring any more for its call, whatever other calls do. */
export function followRing(picture) {
  if (!shown || rings(picture, shown.call)) return;
  shown.notification.close();
  shown = null;
}

/** True when the person allowed it. */
export async function askToNotify() {
  return (await window.Notification?.requestPermission?.()) === "granted";
}
