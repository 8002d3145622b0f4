/** Screens are clones of the shell's templates: what a person saw is gone with the clone. Values come in as text only. */

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

/** Put the screen of this name in the place of the last one; focus its first field or its heading. */
export function show(name, values = {}) {
  const place = find("main");
  place.replaceChildren(copy(name, values));
  place.scrollTop = 0;
  scrollTo(0, 0);
  const first = find("[data-first]", place) || find("h1", place);
  if (!first) return;
  if (first.tagName === "H1") first.tabIndex = -1;
  first.focus({ preventScroll: true });
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
      place.hidden = value === "";
    });
  }
}

/** A list from a template, one clone per item. */
export function list(place, name, items, values) {
  place.replaceChildren(...items.map((item) => copy(name, values(item))));
}

export function say(sentence) {
  all("[data-message]").forEach((place) => (place.textContent = sentence));
}

/** Show a question; resolves with the data-answer of the button, "" when it was left. */
export function ask(name) {
  const dialog = find(`dialog[data-ask="${name}"]`);
  return new Promise((resolve) => {
    const done = (answer) => {
      dialog.removeEventListener("click", click);
      dialog.removeEventListener("close", closed);
      if (dialog.open) dialog.close();
      resolve(answer);
    };
    const click = (event) => {
      const button = event.target.closest("[data-answer]");
      if (button) done(button.dataset.answer);
    };
    const closed = () => done("");
    dialog.addEventListener("click", click);
    dialog.addEventListener("close", closed);
    dialog.showModal();
  });
}

export function closeAll() {
  all("dialog").forEach((dialog) => dialog.open && dialog.close());
}
