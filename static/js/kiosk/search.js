/** The search page: hits while typing, by the server's own HTML; nothing of a search stays in the address bar. */
import { watchIdle } from "./idle.js";

const WAIT = 300;
const LEAST = 3;

function attach(form) {
  const input = form.querySelector("input[type=search]");
  let timer = 0;
  let running = null;
  history.replaceState(null, "", location.pathname);
  const search = async () => {
    if (running) running.abort();
    running = new AbortController();
    try {
      const response = await fetch(...request(form, running.signal));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const results = page.querySelector("[data-results]");
      if (response.ok && results) document.querySelector("[data-results]").replaceWith(document.importNode(results, true));
    } catch {
      // superseded by the next letter, or no network: the button still works
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length >= LEAST) timer = setTimeout(search, WAIT);
    else document.querySelector("[data-results]").replaceChildren();
  });
  addEventListener("pageshow", (event) => event.persisted && location.replace(form.action));
  const used = () => input.value || document.querySelector("[data-results] a");
  watchIdle(document.querySelector("[data-still-there]"), {
    seconds: () => Number(document.body.dataset.idle),
    busy: () => !used(),
    leave: () => location.replace(form.action),
  });
}

function request(form, signal) {
  const fields = new URLSearchParams(new FormData(form));
  if (form.method === "post") return [form.action, { method: "POST", body: fields, signal }];
  return [`${form.action}?${fields}`, { signal }];
}

document.querySelectorAll("[data-search-form]").forEach(attach);
