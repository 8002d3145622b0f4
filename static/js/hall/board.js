/** The projector: asks what is new, keeps what it shows when the network goes, turns its pages calmly. */
import { fullButton, stayAwake } from "./awake.js";
import { hour } from "./clock.js";
import { arrivals, pagesOf, pageWith } from "./pages.js";
import { drawPage, drawTotals, fitCards } from "./cards.js";

const ASK = 4000;
const ASK_SLOWLY = 20000;
const TURN = 9000;
const LINGER = 12000; // a page with somebody new stays longer
const CONTROLS = 4000;

const page = JSON.parse(document.getElementById("board-data").textContent);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const one = (name) => document.querySelector(`[data-${name}]`);
const inks = new Map(); // signature → {box, path}
const fresh = new Set(); // people who have not been shown yet

let board = null;
let pages = [];
let at = 0;
let etag = "";
let seenAt = 0;
let wait = ASK;
let turner = 0;

async function ask() {
  try {
    const headers = { Accept: "application/json", ...(etag ? { "If-None-Match": etag } : {}) };
    const answer = await fetch(page.data_url, { headers, cache: "no-store", credentials: "same-origin" });
    if (answer.status === 200 && isJson(answer)) {
      await take(await answer.json());
      etag = answer.headers.get("ETag") || "";
    } else if (answer.status !== 304) throw new Error(answer.redirected ? "login" : "server");
    seenAt = Date.now();
    wait = ASK;
    note("");
  } catch ({ message }) {
    wait = Math.min(wait * 1.5, ASK_SLOWLY);
    note(message === "login" ? "Sesi berakhir. Masuk lagi." : "Jaringan terputus");
  }
  setTimeout(ask, wait);
}

function isJson(answer) {
  return !answer.redirected && (answer.headers.get("Content-Type") || "").includes("application/json");
}

/** Discreet, at the bottom: what is shown stays, and from when it is. */
function note(words) {
  document.body.dataset.net = words ? "lost" : "ok";
  one("net-word").textContent = words && seenAt ? `${words} · keadaan pukul ${hour(seenAt, page.time_zone)}` : words;
}

/** The first time names come at once: the drawings of a full hall need many portions, and none may hold up the rest. */
async function take(found) {
  const news = arrivals(board, found);
  if (!board) {
    board = found;
    layOut();
    show(0);
  }
  await fetchInks(found);
  board = found;
  news.forEach((id) => fresh.add(id));
  layOut();
  const target = news.length ? pageWith(pages, news[0]) : Math.min(at, Math.max(pages.length - 1, 0));
  show(target, news.length ? LINGER : undefined);
}

/** Drawings come once each, in portions. A missing one is asked for again with the next change. */
async function fetchInks(found) {
  const wanted = found.papers.flatMap(({ people }) => people.map(({ ink }) => ink)).filter((id) => id && !inks.has(id));
  for (let from = 0; from < wanted.length; from += page.most_inks) {
    const query = wanted.slice(from, from + page.most_inks).map((id) => `id=${id}`);
    const answer = await fetch(`${page.ink_url}?${query.join("&")}`, { credentials: "same-origin" });
    if (!answer.ok || !isJson(answer)) throw new Error("server");
    Object.entries(await answer.json()).forEach(([id, ink]) => inks.set(id, ink));
  }
}

function layOut() {
  const { columns, rows } = capacity();
  document.body.style.setProperty("--columns", columns);
  document.body.style.setProperty("--rows", rows);
  pages = pagesOf(board, columns * rows);
}

/** As many cards as can be read from the last row of chairs. */
function capacity() {
  const tall = window.innerHeight > window.innerWidth;
  return tall ? { columns: 1, rows: 6 } : { columns: 2, rows: 4 };
}

function show(index, linger = TURN) {
  clearTimeout(turner);
  if (!pages.length) return;
  at = index % pages.length;
  const { paper, people, number, count } = pages[at];
  drawTotals(one("totals"), paper);
  one("paper-title").textContent = paper.title;
  one("empty-title").textContent = paper.title;
  one("reading").textContent = paper.read_at ? `Dibacakan pukul ${paper.read_at} oleh ${paper.read_by}` : "";
  one("foot").hidden = !paper.read_at;
  one("page").textContent = count > 1 ? `${number} / ${count}` : "";
  drawPage(one("cards"), people, { inks, fresh: calm.matches ? new Set() : new Set(fresh) });
  document.body.classList.toggle("is-empty", people.length === 0);
  one("empty").hidden = people.length > 0;
  one("empty-words").textContent = emptyWords(paper);
  one("cards").hidden = people.length === 0;
  fitCards(one("cards"));
  people.forEach(({ id }) => fresh.delete(id));
  if (pages.length > 1) turner = setTimeout(() => show(nextPage(), linger === LINGER ? TURN : linger), linger);
}

/** Somebody who waits to be shown comes before the next page in turn. */
function nextPage() {
  const waiting = [...fresh].map((id) => pageWith(pages, id)).find((index) => index >= 0);
  return waiting ?? (at + 1) % pages.length;
}

function emptyWords(paper) {
  if (paper.state === "open") return "Penandatanganan dibuka. Nama muncul di sini begitu tanda tangan diterima.";
  if (paper.state === "draft") return paper.read_at ? "Penandatanganan segera dibuka." : "Penandatanganan belum dibuka.";
  return "Penandatanganan sudah ditutup.";
}

/** A moved pointer or a touched key shows the way out for a moment; otherwise nothing but the board. */
let hide = 0;
function reveal() {
  document.body.classList.add("with-controls");
  clearTimeout(hide);
  hide = setTimeout(() => document.body.classList.remove("with-controls"), CONTROLS);
}

["pointermove", "pointerdown", "keydown", "focusin"].forEach((name) => document.addEventListener(name, reveal));
document.addEventListener("keydown", ({ key }) => {
  if (key === "ArrowRight" || key === "PageDown") show(at + 1);
  if (key === "ArrowLeft" || key === "PageUp") show(at + pages.length - 1);
});
window.addEventListener("resize", () => board && (layOut(), show(Math.min(at, pages.length - 1))));
fullButton(one("full"));
stayAwake();
ask();
