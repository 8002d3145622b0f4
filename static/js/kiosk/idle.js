/** Leaves a page nobody uses any more: after some quiet seconds a question with a count-down, then away. */

const GRACE = 20;
const INPUTS = ["pointerdown", "pointermove", "keydown", "input", "scroll", "touchstart"];

/**
 * @param {HTMLDialogElement} dialog with [data-seconds] for the count-down and a [data-stay] button
 * @param {{seconds: number, busy?: () => boolean, leave: () => void}} options busy: never leave now
 */
export function watchIdle(dialog, { seconds, busy = () => false, leave }) {
  if (!dialog || !seconds) return;
  const counter = dialog.querySelector("[data-seconds]");
  let quiet = 0;
  const back = () => {
    quiet = 0;
    if (dialog.open) dialog.close();
  };
  INPUTS.forEach((name) =>
    document.addEventListener(name, () => dialog.open || (quiet = 0), { capture: true, passive: true }),
  );
  dialog.querySelector("[data-stay]").addEventListener("click", back);
  dialog.addEventListener("cancel", back);
  setInterval(() => {
    if (busy()) return back();
    quiet += 1;
    if (quiet < seconds) return;
    counter.textContent = Math.max(seconds + GRACE - quiet, 0);
    if (!dialog.open) dialog.showModal();
    if (quiet >= seconds + GRACE) leave();
  }, 1000);
}
