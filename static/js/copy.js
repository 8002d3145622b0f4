/** Buttons that copy a text field; without a clipboard the text is selected, so that Ctrl+C does it. */
document.querySelectorAll("[data-copy]").forEach((button) => {
  const id = button.dataset.copy;
  const field = document.getElementById(id);
  const status = document.querySelector(`[data-copied="${id}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = "Tersalin.";
    } catch {
      field.focus();
      field.select();
      status.textContent = "Teks sudah dipilih. Tekan Ctrl+C, atau tahan lalu pilih Salin.";
    }
  });
});
