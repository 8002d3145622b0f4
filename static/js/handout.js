/** Prints and copies on a page whose content is shown once; the buttons appear only where they work. */

const told = document.querySelector("[data-copied]");

async function copy(source) {
  const text = "value" in source ? source.value : source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (source.select) source.select();
    return document.execCommand("copy");
  }
}

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

/** Told people one after the other: a tap on WhatsApp marks its card, and the next one is ready. */
function showProgress() {
  const line = document.querySelector("[data-progress]");
  const boxes = document.querySelectorAll("[data-told]");
  const told = Array.from(boxes).filter((box) => box.dataset.told === "ya").length;
  if (line) line.textContent = told ? `${told} dari ${boxes.length} terkirim` : "";
}

document.querySelectorAll("[data-whatsapp]").forEach((link) => {
  link.addEventListener("click", () => link.closest("li").querySelector("[data-mark]")?.click());
});

document.addEventListener("htmx:afterSwap", (swap) => {
  const card = swap.target.closest?.("li") ?? document.activeElement.closest?.("li");
  showProgress();
  let next = card?.nextElementSibling;
  while (next && !next.querySelector("[data-told=tidak]")) next = next.nextElementSibling;
  next?.querySelector("[data-whatsapp]")?.focus();
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  const before = Array.from(button.childNodes);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(document.querySelector(button.dataset.copy));
    button.textContent = told.textContent = done ? "Tersalin" : "Salin dengan tangan";
    setTimeout(() => button.replaceChildren(...before), 2000);
  });
});
