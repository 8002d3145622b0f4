/** Back to the search page for the next person, without a way back to this one. */

document.querySelectorAll("[data-return-after]").forEach((link) => {
  setTimeout(() => location.replace(link.href), Number(link.dataset.returnAfter));
});
addEventListener("pageshow", (event) => {
  const link = document.querySelector("[data-return-after]");
  if (event.persisted && link) location.replace(link.href);
});
