/** Keeps the screen lit and fills it; both are refused silently where the browser cannot. */

let lock = null;

/** From now on the screen stays on; the lock is taken again whenever the page comes back. */
export function stayAwake() {
  takeLock();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && takeLock());
}

async function takeLock() {
  try {
    if (lock && !lock.released) return;
    lock = await navigator.wakeLock.request("screen");
  } catch {
    lock = null; // no such lock here, or the battery is low
  }
}

export function canFill() {
  return Boolean(document.documentElement.requestFullscreen);
}

export async function toggleFull() {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // the page is as good without
  }
}

/** @param {HTMLButtonElement} button says what a tap would do */
export function fullButton(button) {
  button.hidden = !canFill();
  const word = () => {
    button.textContent = document.fullscreenElement ? "Kecilkan layar" : "Layar penuh";
  };
  button.addEventListener("click", toggleFull);
  document.addEventListener("fullscreenchange", word);
  word();
}
