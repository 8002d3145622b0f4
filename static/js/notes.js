/** The pads of the page "Notula dan kendala": saved as somebody types, kept on the device until the server has them. */
import { box } from "./notes-box.js";
import { NotePad, words } from "./notes-pad.js";

const LOOK = 15000;
const LOCK = "netralitas:catatan:";
const PAGE = crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40);
const pads = [];
let asked = "";

/** Held until this page is gone, however it ends; by that others know whose copies wait for nobody. */
function isHere() {
  const gone = new Promise((resolve) => addEventListener("pagehide", resolve, { once: true }));
  navigator.locks?.request(LOCK + PAGE, () => gone);
}

/** Names of the pages that are open; none where the browser cannot tell, so that no copy waits in vain. */
async function openPages() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.filter(({ name }) => name.startsWith(LOCK)).map(({ name }) => name.slice(LOCK.length)));
}

async function read(response) {
  const isOurs = !response.redirected && response.headers.get("Content-Type")?.startsWith("application/json");
  return { status: response.status, answer: isOurs ? await response.json() : null, signIn: response.redirected };
}

/** The server refuses what comes in the name of an account that is not signed in any more. */
function headersOf(form, more) {
  return { Accept: "application/json", "X-Akun": form.dataset.account, ...more };
}

async function token(form) {
  const result = await read(await fetch(form.action, { headers: headersOf(form) }));
  if (result.answer?.csrf) asked = result.answer.csrf;
  return result;
}

function sender(form) {
  const post = (fields) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value === true ? "1" : String(value));
    return fetch(form.action, { method: "POST", body, headers: headersOf(form, { "X-CSRFToken": asked }) }).then(read);
  };
  return async (fields) => {
    asked ||= form.elements.csrfmiddlewaretoken.value;
    const first = await post(fields);
    if (first.status !== 403) return first;
    const fresh = await token(form); // the session may have been renewed in another tab
    return fresh.answer?.csrf ? post(fields) : fresh;
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
    area.hidden = pad.isForeign;
    conflict.hidden = pad.isForeign || pad.state !== "conflict";
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
  const keep = box(localStorage, form.dataset.keep, PAGE);
  const pad = new NotePad({
    text: area.defaultValue,
    revision: Number(form.elements.revision.value),
    saved: form.dataset.saved,
    writer: PAGE,
    send: sender(form),
    keep,
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
  });
  conflict.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-note-use]");
    if (button) pad.resolve(button.dataset.noteUse);
  });
  pads.push({ pad, form, keep });
}

/** Go on with what pages that are gone left on this device, one copy after the other. */
async function adopt() {
  const open = await openPages();
  for (const { pad, keep } of pads) {
    for (const [name, kept] of keep.left(open)) {
      if (pad.adopt(kept)) keep.drop(name);
    }
  }
}

async function look() {
  if (document.hidden) return;
  for (const { pad, form } of pads) {
    const found = await token(form).catch(() => null);
    if (found?.answer && !pad.busy) pad.looked(found.answer);
  }
  await adopt();
}

// After a refusal the page itself shows both texts; typing there goes on without the script.
if (!document.querySelector(".note [role=alert]")) {
  isHere();
  document.querySelectorAll("form[data-note]").forEach(begin);
  adopt();
  addEventListener("online", () => pads.forEach(({ pad }) => pad.flush()));
  document.addEventListener("visibilitychange", () => {
    pads.forEach(({ pad }) => pad.flush());
    look();
  });
  // The browser may bring the page back as it was left.
  addEventListener("pageshow", ({ persisted }) => persisted && isHere());
  addEventListener("beforeunload", (event) => {
    if (pads.some(({ pad }) => !pad.isSafe)) event.preventDefault();
  });
  setInterval(look, LOOK);
}
