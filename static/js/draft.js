/**
 * Keeps what is typed into long forms (form[data-draft]) in this browser until the server has it.
 *
 * A draft belongs to one user (body[data-user]) and one address. It goes when the server says that it has saved, when
 * the user signs out, and after a week. Numbers, phones and passwords are never kept, whatever the form.
 */
export const PREFIX = "netralitas:isian:";
export const SENT = "netralitas:terkirim";
export const WEEK = 7 * 24 * 3600 * 1000;
const NEVER = /(^|[_-])(nip|nik|nrp|phone|telepon|hp|identity|password|passphrase|token|pin)([_-]|$)/i;
const NOT_TYPED = new Set(["hidden", "password", "file", "submit", "button", "reset", "image", "tel"]);
const PAUSE = 400;

export function keyOf(user, address) {
  return `${PREFIX}${user}:${address}`;
}

/** May this field be kept? */
export function isKept(field) {
  return Boolean(field.name) && !NOT_TYPED.has(field.type) && !NEVER.test(field.name);
}

/** {name: [value, …]} of the fields that people type into; of boxes those that are ticked. */
export function valuesOf(fields) {
  const values = {};
  for (const field of fields) {
    if (!isKept(field)) continue;
    values[field.name] ??= [];
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) values[field.name].push(field.value);
    } else if (field.type === "select-multiple") {
      values[field.name].push(...Array.from(field.selectedOptions, (option) => option.value));
    } else {
      values[field.name].push(field.value);
    }
  }
  return values;
}

/** Put the values back; returns the fields that changed. A field that the form no longer has is passed over. */
export function putBack(fields, values) {
  const taken = {};
  const changed = [];
  for (const field of fields) {
    const kept = isKept(field) ? values[field.name] : undefined;
    if (kept === undefined) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      const checked = kept.includes(field.value);
      if (field.checked !== checked) changed.push(field);
      field.checked = checked;
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = kept.includes(option.value);
      changed.push(field);
    } else {
      const place = (taken[field.name] ??= 0);
      taken[field.name] += 1;
      if (kept[place] === undefined || field.value === kept[place]) continue;
      field.value = kept[place];
      changed.push(field);
    }
  }
  return changed;
}

export function same(one, other) {
  const sorted = (values) => JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** {at, values}, or null for nothing, for what is too old and for what somebody else wrote there. */
export function read(storage, key, now) {
  try {
    const draft = JSON.parse(storage.getItem(key));
    return draft && typeof draft.values === "object" && now - draft.at < WEEK ? draft : null;
  } catch {
    return null;
  }
}

/** Keep what differs from what the server gave; the same is nothing to keep. */
export function keep(storage, key, values, given, now) {
  if (same(values, given)) storage.removeItem(key);
  else storage.setItem(key, JSON.stringify({ at: now, values }));
}

/** Drafts of this user go at sign-out. */
export function forget(storage, user) {
  for (const key of keysOf(storage)) if (key.startsWith(keyOf(user, ""))) storage.removeItem(key);
}

/** What is older than a week goes, whoever wrote it. */
export function sweep(storage, now) {
  for (const key of keysOf(storage)) if (read(storage, key, now) === null) storage.removeItem(key);
}

function keysOf(storage) {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter((key) => key.startsWith(PREFIX));
}

/** "09.14" today, with the date before. */
export function moment(at, now) {
  const [then, today] = [new Date(at), new Date(now)];
  const clock = `${String(then.getHours()).padStart(2, "0")}.${String(then.getMinutes()).padStart(2, "0")}`;
  if (then.toDateString() === today.toDateString()) return `pukul ${clock}`;
  return `${then.toLocaleDateString("id-ID", { day: "numeric", month: "long" })} pukul ${clock}`;
}

function button(label, kind, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn btn-sm ${kind}`;
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

/** A line above the form: when it was typed, take it back or throw it away. */
function offer(form, draft, { take, drop }) {
  const notice = document.createElement("div");
  notice.className = "notice notice-warning";
  notice.setAttribute("role", "status");
  notice.dataset.draftOffer = "";
  const words = document.createElement("span");
  words.textContent = `Ada isian dari ${moment(draft.at, Date.now())} yang belum tersimpan.`;
  const actions = document.createElement("span");
  actions.className = "actions ms-auto";
  actions.append(
    button("Pulihkan isian", "btn-outline-primary", () => {
      take();
      words.textContent = "Isian dipulihkan. Periksa, lalu simpan.";
      actions.remove();
    }),
    button("Buang", "btn-outline-secondary", () => {
      drop();
      notice.remove();
    }),
  );
  notice.append(words, actions);
  form.before(notice);
}

function attach(form, storage, user) {
  const key = keyOf(user, form.dataset.draft || location.pathname);
  const given = valuesOf(form.elements);
  const draft = read(storage, key, Date.now());
  const save = () => keep(storage, key, valuesOf(form.elements), given, Date.now());
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  addEventListener("pagehide", () => timer && save());
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
    save();
    sessionStorage.setItem(SENT, key);
  });
  // After a refusal the server gives back what was typed; there is nothing to offer.
  if (!draft || same(draft.values, given) || form.querySelector(".is-invalid")) return;
  offer(form, draft, {
    take: () => {
      for (const field of putBack(form.elements, draft.values)) {
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    },
    drop: () => storage.removeItem(key),
  });
}

/** The server has it: it says so on the page that follows. */
function settle(storage) {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector(".messages .notice-success")) storage.removeItem(sent);
}

function start() {
  const user = document.body.dataset.user;
  if (!user) return;
  sweep(localStorage, Date.now());
  settle(localStorage);
  for (const form of document.querySelectorAll("form[data-draft]")) attach(form, localStorage, user);
  document.querySelector("[data-sign-out]")?.addEventListener("submit", () => forget(localStorage, user));
}

if (typeof document !== "undefined") {
  try {
    start();
  } catch (error) {
    // A browser that keeps nothing (private window, full storage) has forms all the same.
    if (error.name !== "SecurityError" && error.name !== "QuotaExceededError") throw error;
  }
}
