// Sends chosen photos one after the other, each with its state and, when it takes longer, a bar. Without this script
// the form sends them all at once. Photos of the camera are collected, for the phone gives one at a time.
import { PhotoQueue, SLOW, isDone, words } from "./photo-queue.js";

const form = document.querySelector("[data-photo-form]");
const list = form.querySelector(".photo-queue");
const told = form.querySelector(".photo-told");
const button = form.querySelector(".actions button");
const inputs = [...form.querySelectorAll("input[type=file]")];
const rows = new Map();
const queue = new PhotoQueue({ send, onChange: show });

for (const input of inputs) input.addEventListener("change", () => take(input));
form.addEventListener("submit", async (event) => {
  if (!queue.items.length) return; // the server says what is missing
  event.preventDefault();
  button.disabled = true;
  await queue.run();
  button.disabled = false;
  if (isDone(queue.items)) location.assign(location.pathname);
  else if (!queue.open().length) told.append(" ", link());
});

/** The files move from the field into the list, so that the next ones join them. */
function take(input) {
  for (const file of input.files) queue.add(file);
  input.value = "";
  told.textContent = words(queue.items);
}

function send(file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("caption", form.elements.caption.value);
    data.append("photos", file, file.name);
    request.upload.onprogress = (event) => event.total && onProgress(Math.floor((event.loaded / event.total) * 100));
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(refusal(request)));
    request.onerror = request.onabort = () => reject(new Error("no network"));
    request.responseType = "json";
    request.open("POST", form.dataset.send);
    request.send(data);
  });
}

/** A page instead of an answer: signed out, or no right any more, or the proxy. */
function refusal({ status }) {
  const told = status === 413 ? "Foto terlalu besar untuk peladen." : "Muat ulang halaman ini, lalu coba lagi.";
  return Object.assign(new Error(String(status)), { told: status < 500 ? told : "" });
}

function show(item) {
  const row = rows.get(item) ?? newRow(item);
  for (const state of row.querySelectorAll("[data-state]")) state.hidden = state.dataset.state !== item.state;
  row.querySelector("button").hidden = item.state !== "waiting" && item.state !== "unsent";
  const problem = row.querySelector(".photo-problem");
  problem.textContent = item.text;
  problem.hidden = !item.text;
  showProgress(row.querySelector("progress"), item);
  told.textContent = words(queue.items);
}

function showProgress(bar, item) {
  bar.value = item.progress;
  if (item.state !== "sending") {
    clearTimeout(item.slow);
    item.slow = null;
    bar.hidden = true;
  } else if (!item.slow) {
    item.slow = setTimeout(() => (bar.hidden = item.state !== "sending"), SLOW);
  }
}

function newRow(item) {
  const row = form.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector(".photo-name").textContent = item.file.name;
  row.querySelector("button span").textContent = ` ${item.file.name}`;
  row.querySelector("progress").setAttribute("aria-label", `Pengiriman ${item.file.name}`);
  row.querySelector("button").addEventListener("click", () => {
    if (!queue.drop(item)) return;
    row.remove();
    rows.delete(item);
    list.hidden = !queue.items.length;
    told.textContent = words(queue.items);
  });
  rows.set(item, row);
  list.append(row);
  list.hidden = false;
  return row;
}

function link() {
  const made = document.createElement("a");
  made.href = location.pathname;
  made.textContent = "Lihat foto yang tersimpan";
  return made;
}
