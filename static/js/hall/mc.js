/** The MC's screen: taps are kept first, shown at once, and handed in when the server can be reached. */
import { fullButton, stayAwake } from "./awake.js";
import { hour, zoneName } from "./clock.js";
import { Day, say, showPaper } from "./day.js";
import { Prompter } from "./prompter.js";
import { Queue } from "./queue.js";
import { Reading } from "./reading.js";
import { withTaps } from "./rundown.js";
import { Sender } from "./sender.js";

const INVERSE = { start: "unstart", finish: "unfinish" };
const page = JSON.parse(document.getElementById("hall-data").textContent);
const zone = page.time_zone;
const one = (name) => document.querySelector(`[data-${name}]`);

const queue = new Queue(storage(), `netralitas-mc:${page.code}`);
const sender = new Sender({ queue, url: page.url, csrf: page.csrf, onState, onChange: render, onWords: words });
let known = newer(page.state, queue.remembered());
let last = []; // what one "Urungkan" takes back

const day = new Day(one("rundown"), { zone, act, undo });
const rows = [...document.querySelectorAll("[data-paper]")];
const prompters = new Map(
  rows.map((row) => {
    const root = document.querySelector(`[data-prompter="${row.dataset.paper}"]`);
    const reading = new Reading(root, { zone, sha: row.dataset.sha, act });
    const prompter = new Prompter(root, {
      onExit: showDay,
      onRecordSlide: ({ startedAt }) => reading.begin(startedAt),
      prefer,
    });
    root.querySelectorAll("[data-full]").forEach(fullButton);
    row.querySelector("[data-prompt]").addEventListener("click", ({ currentTarget }) => showPrompter(prompter, currentTarget));
    row.querySelector("[data-open]").addEventListener("click", () => act([{ kind: "open", paper: row.dataset.paper }]));
    return [row.dataset.paper, { row, prompter, reading }];
  }),
);
let cameFrom = null;

function act(taps) {
  const kept = taps.map((tap) => queue.add(tap));
  last = kept.every(({ kind }) => INVERSE[kind]) ? kept : [];
  render();
  sender.kick();
}

function undo() {
  const now = Math.max(Date.now(), ...last.map(({ at }) => Date.parse(at) + 1));
  const inverse = last.map(({ kind, item }) => ({ kind: INVERSE[kind], item, at: new Date(now).toISOString() })).reverse();
  act(inverse);
}

function onState(state) {
  known = newer(known, state);
  queue.remember(known);
}

function newer(one, other) {
  return other && other.as_of > one.as_of ? other : one;
}

function render() {
  const pending = queue.pending();
  const state = withTaps(known, pending);
  day.show(state, { undoable: last.length > 0 });
  for (const paper of state.papers) {
    const found = prompters.get(paper.id);
    if (!found) continue;
    showPaper(found.row, paper, state, zone);
    found.reading.show(paper, state);
  }
  Object.assign(document.body.dataset, { pending: pending.length, net: sender.kind });
  showNet(pending.length);
  showRefused(queue.refused(), state);
}

function showNet(pending) {
  const waiting = pending ? `${pending} menunggu kirim – aman di perangkat ini` : "";
  const unsafe = "Penyimpanan peramban penuh atau dimatikan. Jangan tutup halaman ini sebelum terkirim.";
  const quiet = sender.confirmedAt ? `Semua terkirim · ${hour(sender.confirmedAt, zone)}` : "";
  const kinds = {
    idle: [waiting ? "waiting" : "done", waiting || quiet || "Menghubungi peladen…"],
    sending: ["waiting", waiting || "Mengirim…"],
    offline: ["waiting", waiting ? `${waiting}. Tidak ada jaringan.` : "Tidak ada jaringan – layar ini tetap dapat dipakai"],
    login: ["danger", waiting ? `${waiting}. Sesi berakhir.` : "Sesi berakhir."],
    error: ["danger", `${waiting || "Peladen menolak permintaan"}. Muat ulang halaman bila jaringan baik.`],
  };
  const [tone, sentence] = queue.safe ? kinds[sender.kind] : ["danger", unsafe];
  say(one("net-word"), sentence, tone);
  one("login").hidden = sender.kind !== "login";
}

/** What the server will not take stays until somebody has read it. */
function showRefused(refused, state) {
  const lines = refused.map(({ id, at, message }) => line(`Ketukan pukul ${hour(at, zone)} tidak dicatat: ${message}`, () => queue.dismiss(id)));
  if (state.plan !== page.state.plan) lines.push(line("Susunan acara atau naskah berubah sejak layar ini dibuka.", null));
  one("words").querySelectorAll("[data-kept]").forEach((found) => found.remove());
  one("words").append(...lines);
  one("words").hidden = !one("words").children.length;
}

function line(sentence, dismiss) {
  const made = document.createElement("p");
  made.className = "word";
  if (dismiss !== false) made.dataset.kept = "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = dismiss === null ? "Muat ulang" : "Mengerti";
  button.addEventListener("click", () => {
    if (dismiss === null) return location.reload();
    if (dismiss) dismiss();
    made.remove();
    return render();
  });
  made.append(sentence, button);
  return made;
}

function words(sentences) {
  one("words").append(...sentences.map((sentence) => line(sentence, false)));
}

function showPrompter(prompter, button) {
  cameFrom = button;
  one("rundown").hidden = true;
  document.body.dataset.view = "prompter";
  prompter.open();
}

function showDay() {
  one("rundown").hidden = false;
  document.body.dataset.view = "rundown";
  cameFrom?.focus();
}

/** Size and way of reading are remembered on this device, for the next text too. */
function prefer(name, value) {
  const key = `netralitas-mc:${name}`;
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // without storage the choice lasts as long as the page
  }
  return value ?? null;
}

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function tick() {
  one("clock").textContent = `${hour(Date.now(), zone)} ${zoneName(zone)}`;
  day.tick();
}

async function keepForOffline() {
  try {
    await navigator.serviceWorker.register(page.worker_url);
    (await navigator.serviceWorker.ready).active.postMessage("keep");
  } catch {
    // without a worker the page still works until it is closed
  }
}

document.addEventListener("keydown", (event) => {
  const open = [...prompters.values()].find(({ prompter }) => prompter.isOpen);
  if (open) open.prompter.pressed(event);
});
["online", "focus"].forEach((name) => window.addEventListener(name, () => sender.kick()));
window.addEventListener("storage", render);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sender.kick());
render();
tick();
setInterval(tick, 1000);
stayAwake();
sender.kick();
keepForOffline();
