// Forms marked data-busy say what is going on while the server works; without this script they work as well.

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => show(form));
}
// The page may come back from the browser's memory by the back button.
addEventListener("pageshow", () => document.querySelectorAll(".busy").forEach((box) => (box.hidden = true)));

function show(form) {
  const box = form.querySelector(".busy") ?? form.closest("section")?.querySelector(".busy");
  if (box) {
    box.querySelector("span").textContent = form.dataset.busy;
    box.hidden = false;
  }
}
