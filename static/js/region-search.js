// Turns <input data-region-search="/wilayah/cari/"> into a combobox with suggestions (ARIA 1.2 pattern).
// Without this script the field still takes a code or a full name.

const WAIT = 200; // ms of silence before asking
const SHORTEST = 2;
let lists = 0;

/** Address to ask for suggestions of what was typed. */
export function searchUrl(dataset, text) {
  const params = new URLSearchParams({ q: text });
  if (dataset.levels) params.set("tingkat", dataset.levels);
  if (dataset.under) params.set("dalam", dataset.under);
  return `${dataset.regionSearch}?${params}`;
}

/** Index of the option a key leads to, round the ends; -1 is the field itself; null when the key moves nothing. */
export function moved(key, index, count) {
  if (!count) return null;
  if (key === "ArrowDown") return index + 1 < count ? index + 1 : 0;
  if (key === "ArrowUp") return index > 0 ? index - 1 : count - 1;
  return null;
}

/** What the line below the field says. */
export function found(count) {
  if (!count) return "Tidak ada wilayah yang cocok.";
  return `${count === 20 ? "20 wilayah teratas" : `${count} wilayah`}. Pilih dengan panah atas/bawah, lalu Enter.`;
}

function element(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

class RegionSearch {
  constructor(input) {
    this.input = input;
    this.results = [];
    this.index = -1;
    const id = `region-list-${++lists}`;
    this.list = element("ul", "region-list list-group position-absolute w-100 shadow z-3", {
      id,
      role: "listbox",
      "aria-label": "Saran wilayah",
      hidden: "",
    });
    this.status = element("div", "form-text", { role: "status" });
    input.after(this.list, this.status);
    input.parentElement.classList.add("position-relative");
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": id,
    }))
      input.setAttribute(name, value);
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    input.addEventListener("focus", () => input.select());
    // Keep the focus in the field while an option is pressed.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(this.results[[...this.list.children].indexOf(option)]);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.close();
    const text = this.input.value.trim();
    if (text.length >= SHORTEST) this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.asking = new AbortController();
    try {
      const response = await fetch(searchUrl(this.input.dataset, text), {
        headers: { Accept: "application/json" },
        signal: this.asking.signal,
      });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      this.show((await response.json()).results);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.status.textContent = "Saran tidak dapat dimuat. Isi kode wilayah atau muat ulang halaman.";
    }
  }

  show(results) {
    this.results = results;
    this.list.replaceChildren(...results.map((result, index) => this.option(result, index)));
    const open = results.length > 0 && document.activeElement === this.input;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.status.textContent = found(results.length);
  }

  option(result, index) {
    const option = element("li", "list-group-item list-group-item-action", {
      id: `${this.list.id}-${index}`,
      role: "option",
      "aria-selected": "false",
    });
    const name = element("span", "d-block fw-semibold");
    name.textContent = result.label;
    const place = element("span", "d-block small");
    place.textContent = [result.surroundings, result.code].filter(Boolean).join(" · ");
    option.append(name, place);
    return option;
  }

  key(event) {
    const index = this.list.hidden ? null : moved(event.key, this.index, this.results.length);
    if (index !== null) this.point(index);
    else if (event.key === "Enter" && !this.list.hidden && this.index >= 0) this.pick(this.results[this.index]);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
  }

  point(index) {
    this.index = index;
    [...this.list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      option.classList.toggle("active", at === index);
    });
    const option = this.list.children[index];
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  pick(result) {
    this.input.value = result.text;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.index = -1;
    this.list.hidden = true;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function attach(root) {
  for (const input of root.querySelectorAll("[data-region-search]:not([role=combobox])")) new RegionSearch(input);
}

if (typeof document !== "undefined") {
  attach(document);
  document.addEventListener("htmx:load", (event) => attach(event.target));
}
