/** What a tablet does besides showing pages: stays awake, catches Back, makes itself heard, takes updates when idle. */

const QUIET = 60000;

/** Back leads nowhere: the app has one address and no history of anybody. */
export function guardBack() {
  const stay = () => history.pushState(null, "", location.pathname);
  stay();
  addEventListener("popstate", stay);
  document.addEventListener("contextmenu", (event) => event.preventDefault());
}

export function keepAwake() {
  const wake = async () => {
    try {
      if (!document.hidden) await navigator.wakeLock.request("screen");
    } catch {
      // no such lock here, or the battery is low: the tablet's own setting counts
    }
  };
  document.addEventListener("visibilitychange", wake);
  wake();
}

/** A short tone and a short buzz, where there are any. */
export function acknowledge() {
  try {
    navigator.vibrate?.(80);
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 880;
    volume.gain.value = 0.1;
    tone.connect(volume).connect(audio.destination);
    tone.onended = () => audio.close();
    tone.start();
    tone.stop(audio.currentTime + 0.12);
  } catch {
    // silence is fine
  }
}

/** Installs the service worker. A new build waits until nobody has touched an idle tablet for a minute. */
export async function watchUpdates(isIdle) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  let touched = Date.now();
  let known = serviceWorker.controller;
  ["pointerdown", "keydown"].forEach((name) => addEventListener(name, () => (touched = Date.now()), true));
  serviceWorker.addEventListener("controllerchange", () => {
    if (known) location.reload();
    known = true;
  });
  try {
    const registration = await serviceWorker.register("/kios/sw.js");
    setInterval(() => {
      if (isIdle() && Date.now() - touched > QUIET) registration.waiting?.postMessage("activate");
    }, 5000);
    setInterval(() => registration.update().catch(() => {}), 15 * QUIET);
  } catch {
    // no network at the first visit: the self-test says that the app is not kept yet
  }
}
