// Drags rows of the agenda by their handle; pointer events, so that finger, pen and mouse are alike.
// Without this script the arrow buttons do the same. After a drop the server's list, with its hours, takes over.

/** Index before which the dragged row belongs: ``middles`` are the centres of the other rows, from top to bottom. */
export function placeOf(y, middles) {
  const found = middles.findIndex((middle) => y < middle);
  return found === -1 ? middles.length : found;
}

/** Is it another order than before? */
export function differs(before, after) {
  return before.length !== after.length || before.some((key, index) => key !== after[index]);
}

let drag = null;

const rowsOf = (list) => [...list.querySelectorAll("tr[data-key]")];
const keysOf = (list) => rowsOf(list).map((row) => row.dataset.key);

function begin(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  const row = grip.closest("tr");
  const list = row.closest("[data-sortable]");
  drag = { row, list, before: keysOf(list) };
  row.classList.add("is-dragged");
  event.preventDefault();
}

function move(event) {
  if (!drag) return;
  const others = rowsOf(drag.list).filter((row) => row !== drag.row);
  const middles = others.map((row) => {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  });
  const next = others[placeOf(event.clientY, middles)] ?? null;
  if (drag.row.nextElementSibling !== next) drag.list.insertBefore(drag.row, next);
}

function drop() {
  if (!drag) return;
  const { row, list, before } = drag;
  drag = null;
  row.classList.remove("is-dragged");
  const after = keysOf(list);
  if (differs(before, after)) send(after);
}

function giveUp(event) {
  if (!drag || (event.type === "keydown" && event.key !== "Escape")) return;
  const { row, list, before } = drag;
  drag = null;
  row.classList.remove("is-dragged");
  const byKey = new Map(rowsOf(list).map((each) => [each.dataset.key, each]));
  list.append(...before.map((key) => byKey.get(key)));
}

function send(keys) {
  const form = document.getElementById("urutan");
  form.querySelector("[data-order]").replaceChildren(
    ...keys.map((key) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "mata", value: key });
      return field;
    }),
  );
  form.requestSubmit();
}

const showGrips = () => document.querySelectorAll("[data-grip]").forEach((grip) => (grip.hidden = false));

if (globalThis.document) {
  showGrips();
  document.body.addEventListener("htmx:afterSwap", showGrips);
  document.addEventListener("pointerdown", begin);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", giveUp);
  document.addEventListener("keydown", giveUp);
}
