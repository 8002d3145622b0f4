/** Ctrl + / goes to the search field, Esc closes the account menu. No single keys: those belong to screen readers. */

/** Is it the key for searching? */
export function asksForSearch(event) {
  return event.key === "/" && (event.ctrlKey || event.metaKey) && !event.altKey;
}

function toSearch(event) {
  const field = document.querySelector("main input[type=search]");
  if (!field || !asksForSearch(event)) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function closeMenu(event) {
  const menu = document.querySelector(".account-menu[open]");
  if (!menu || event.key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

if (typeof document !== "undefined") {
  document.addEventListener("keydown", toSearch);
  document.addEventListener("keydown", closeMenu);
}
