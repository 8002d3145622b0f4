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

document.querySelectorAll("[data-copy]").forEach((button) => {
  const before = Array.from(button.childNodes);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(document.querySelector(button.dataset.copy));
    button.textContent = told.textContent = done ? "Tersalin" : "Salin dengan tangan";
    setTimeout(() => button.replaceChildren(...before), 2000);
  });
});
