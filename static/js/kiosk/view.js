/** Screens are clones of the shell's templates: what a person saw is gone with the clone. Values come in as text only. */

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

/** Put the screen of this name in the place of the last one; focus its first field or its heading. */
export function show(name, values = {}) {
  const place = find("main");
  place.replaceChildren(copy(name, values));
  place.scrollTop = 0;
  scrollTo(0, 0);
  const heading = find("h1", place);
  heading.tabIndex = -1;
  (find("[data-first]", place) || heading).focus({ preventScroll: true });
}

/** A clone of a template with its [data-slot]s filled. */
export function copy(name, values = {}) {
  const clone = document.getElementById(`t-${name}`).content.cloneNode(true);
  fill(clone, values);
  return clone;
}

/** An empty value hides its place. */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    all(`[data-slot="${name}"]`, root).forEach((place) => {
      place.textContent = value;
      place.hidden = !value && value !== 0;
    });
  }
}

/** Have all these places seen or not. */
export function reveal(selector, seen) {
  all(selector).forEach((place) => (place.hidden = !seen));
}

/** A list from a template, one clone per item; `finish` may do more to it than filling in values. */
export function list(place, name, items, values, finish) {
  const clones = items.map((item) => {
    const clone = copy(name, values(item));
    finish(clone.firstElementChild, item);
    return clone;
  });
  place.replaceChildren(...clones);
}

export function say(sentence) {
  all("[data-message]").forEach((place) => (place.textContent = sentence));
}

/** Show a question; resolves with the value of the button, "" when it was left. */
export function ask(name) {
  const dialog = find(`[data-ask=${name}]`);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

export function closeAll() {
  all("dialog").forEach((dialog) => dialog.close());
}
