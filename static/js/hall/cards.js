/** Names, drawn signatures and totals as elements; every value goes in as text or attribute, never as markup. */

const SVG = "http://www.w3.org/2000/svg";
const FITS = ["fit-1", "fit-2", "fit-3"];
const WAYS = { thumb: "Cap jempol", represented: "Dengan saksi" };

/** Draws the page; the same people once more, with nobody new, are left as they stand. */
export function drawPage(list, people, { inks, fresh }) {
  const shown = people.map((person) => JSON.stringify([person, inks.has(person.ink)])).join();
  if (list.dataset.shown === shown && !people.some(({ id }) => fresh.has(id))) return;
  list.dataset.shown = shown;
  list.replaceChildren(...people.map((person) => card(person, inks.get(person.ink), fresh.has(person.id))));
}

function card(person, ink, isNew) {
  const made = element("li", isNew ? "card is-new" : "card");
  const words = element("div", "card-words");
  words.append(element("p", "card-name", person.name));
  const post = person.behalf ? `mewakili ${person.behalf}` : person.post;
  if (post) words.append(element("p", "card-post", post));
  made.append(words, hand(person, ink));
  return made;
}

/** After the cards stand: one whose words do not fit says them smaller, step by step. */
export function fitCards(list) {
  for (const made of list.children) {
    made.classList.remove(...FITS);
    FITS.some((fit, step) => {
      if (fits(made)) return true;
      made.classList.remove(...FITS.slice(0, step));
      made.classList.add(fit);
      return false;
    });
  }
}

function fits(made) {
  const words = made.firstChild;
  const name = words.firstChild;
  return words.scrollHeight <= made.clientHeight - 8 && name.scrollHeight <= name.clientHeight + 2;
}

/** What stands where a pen would have left its mark. */
function hand(person, ink) {
  const made = element("div", "card-hand");
  if (ink) made.append(drawing(ink));
  else if (person.method === "typed") made.append(element("p", "card-typed", person.name));
  else made.append(element("p", "card-way", WAYS[person.method] || "✓"));
  return made;
}

function drawing({ box, path }) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  const attributes = { viewBox: box, preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true", class: "ink" };
  Object.entries(attributes).forEach(([name, value]) => svg.setAttribute(name, value));
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** "23 dari 25 desa" in large, then each unsur. Only how many, never who is missing. */
export function drawTotals(box, paper) {
  const main = paper.villages || { signed: paper.signed, expected: paper.expected, word: "orang" };
  const parts = [];
  if (main.expected) {
    const big = element("p", "total");
    big.append(element("strong", "total-number", main.signed), element("span", "total-of", `dari ${main.expected} ${main.word}`));
    parts.push(big);
  }
  const rows = paper.groups.map(groupRow);
  const list = element("ul", "groups");
  list.append(...rows);
  list.classList.toggle("is-many", rows.length > 7);
  if (rows.length) parts.push(list);
  box.replaceChildren(...parts);
  box.hidden = !parts.length;
}

function groupRow({ label, signed, expected }) {
  const row = element("li", signed === expected ? "group is-full" : "group");
  const meter = element("span", "group-meter");
  const fill = element("span", "group-fill");
  fill.style.setProperty("--share", `${(100 * signed) / expected}%`);
  meter.append(fill);
  row.append(element("span", "group-label", label), element("span", "group-count", `${signed}/${expected}`), meter);
  return row;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
