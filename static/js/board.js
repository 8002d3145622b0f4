/** The board renews itself; when it cannot, it says since when, so that nobody trusts old numbers. */
const notice = document.getElementById("papan-galat");
const board = () => document.getElementById("papan");

function stale() {
  notice.querySelector("[data-since]").textContent = board().dataset.clock;
  notice.hidden = false;
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  // A login page instead of the board: the session is over.
  if (xhr.status === 200 && xhr.responseText.includes('id="papan"')) {
    notice.hidden = true;
    return;
  }
  event.detail.shouldSwap = false;
  stale();
});
document.body.addEventListener("htmx:sendError", stale);
document.body.addEventListener("htmx:timeout", stale);
