/** Leaves a page nobody uses any more: after some quiet seconds a question with a count-down, then away. */

const GRACE = 20;
const INPUTS = ["pointerdown", "pointermove", "keydown", "input", "scroll", "touchstart"];

/**
 * @param {HTMLDialogElement} dialog with [data-seconds] for the count-down and a [data-stay] button
 * @param {{seconds: () => number, busy?: () => boolean, onask?: (asking: boolean) => void,
 *   leave: () => void}} options seconds: 0 while nobody is there; busy: never leave now
 */
export function watchIdle(dialog, { seconds, busy = () => false, onask = () => {}, leave }) {
  if (!dialog) return;
  const counter = dialog.querySelector("[data-seconds]");
  let quiet = 0;
  const back = () => {
    quiet = 0;
    if (!dialog.open) return;
    dialog.close();
    onask(false);
  };
  INPUTS.forEach((name) =>
    document.addEventListener(name, () => dialog.open || (quiet = 0), { capture: true, passive: true }),
  );
  dialog.querySelector("[data-stay]").addEventListener("click", back);
  dialog.addEventListener("cancel", back);
  setInterval(() => {
    const most = seconds();
    if (!most || busy()) return back();
    quiet += 1;
    if (quiet < most) return;
    counter.textContent = Math.max(most + GRACE - quiet, 0);
    if (!dialog.open) {
      dialog.showModal();
      onask(true);
    }
    if (quiet < most + GRACE) return;
    back();
    leave();
  }, 1000);
}
