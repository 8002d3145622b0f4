/** The pads of the page "Notula dan kendala": saved as somebody types, kept on the device until the server has them. */
import { NotePad, words } from "./notes-pad.js";

const LOOK = 15000;
const pads = [];
let asked = "";

function box(key) {
  return {
    read() {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(kept) {
      try {
        localStorage.setItem(key, JSON.stringify(kept));
        return true;
      } catch {
        return false;
      }
    },
    forget(text) {
      try {
        if (this.read()?.text === text) localStorage.removeItem(key);
      } catch {
        // nothing was kept then
      }
    },
  };
}

async function read(response) {
  const isOurs = !response.redirected && response.headers.get("Content-Type")?.startsWith("application/json");
  return { status: response.status, answer: isOurs ? await response.json() : null };
}

async function token(form) {
  const result = await read(await fetch(form.action, { headers: { Accept: "application/json" } }));
  if (result.answer?.csrf) asked = result.answer.csrf;
  return result;
}

function sender(form) {
  const post = (fields) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value === true ? "1" : String(value));
    const headers = { Accept: "application/json", "X-CSRFToken": asked };
    return fetch(form.action, { method: "POST", body, headers }).then(read);
  };
  return async (fields) => {
    asked ||= form.elements.csrfmiddlewaretoken.value;
    const first = await post(fields);
    if (first.answer !== null) return first;
    const fresh = await token(form); // the session may have been renewed in another tab
    return fresh.answer === null ? first : post(fields);
  };
}

function begin(form) {
  const area = form.elements.text;
  if (area.readOnly) return;
  const status = form.querySelector("[data-note-status]");
  const conflict = form.querySelector("[data-note-conflict]");
  const show = (pad) => {
    const [tone, sentence] = words(pad);
    if (status.textContent !== sentence) status.textContent = sentence;
    status.dataset.tone = tone;
    conflict.hidden = pad.state !== "conflict";
    form.elements.revision.value = pad.revision;
    if (pad.state === "conflict") {
      conflict.querySelector("[data-note-by]").textContent = pad.other.by || "orang lain";
      conflict.querySelector("[data-note-other]").textContent = pad.other.text;
    }
    if (area.value !== pad.text) {
      const { selectionStart, selectionEnd } = area;
      area.value = pad.text;
      area.setSelectionRange(selectionStart, selectionEnd);
    }
  };
  const pad = new NotePad({
    text: area.defaultValue,
    revision: Number(form.elements.revision.value),
    saved: form.dataset.saved,
    writer: crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40),
    send: sender(form),
    keep: box(form.dataset.keep),
    show,
    later: (work, ms) => setTimeout(work, ms),
    stop: (timer) => clearTimeout(timer),
  });
  if (area.value !== pad.text) area.value = pad.text;
  area.addEventListener("input", () => pad.typed(area.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    pad.typed(area.value);
    pad.flush();
    if (!pad.isUnsent) pad.change("saved");
  });
  conflict.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-note-use]");
    if (button) pad.resolve(button.dataset.noteUse);
  });
  pads.push({ pad, form });
}

async function look() {
  if (document.hidden) return;
  for (const { pad, form } of pads) {
    if (pad.state === "saved") {
      const found = await token(form).catch(() => null);
      if (found?.answer) pad.offer(found.answer);
    }
  }
}

// After a refusal the page itself shows both texts; typing there goes on without the script.
if (!document.querySelector(".note [role=alert]")) {
  document.querySelectorAll("form[data-note]").forEach(begin);
  addEventListener("online", () => pads.forEach(({ pad }) => pad.flush()));
  document.addEventListener("visibilitychange", () => pads.forEach(({ pad }) => pad.flush()));
  addEventListener("beforeunload", (event) => {
    if (pads.some(({ pad }) => pad.isUnsent && !pad.isKept)) event.preventDefault();
  });
  setInterval(look, LOOK);
}
