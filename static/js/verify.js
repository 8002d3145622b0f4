// Hashes a chosen or dropped file in the browser; only the 64 digits leave the machine.

export function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(file) {
  return hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

function attach(section) {
  const local = section.querySelector("[data-verify-local]");
  const input = section.querySelector("[data-verify-file]");
  const note = section.querySelector("[data-verify-note]");
  const form = section.querySelector("[data-verify-digest]");
  const digits = form.querySelector("input");

  async function check(file) {
    if (!file) return;
    note.textContent = "Menghitung sidik digital…";
    try {
      digits.value = await sha256(file);
      form.requestSubmit();
    } catch {
      note.textContent = "Berkas ini tidak dapat dibaca. Pilih lagi berkasnya, atau kirim lewat formulir di bawah.";
    }
  }

  local.hidden = false;
  if (!section.querySelector("[data-verify-upload] .is-invalid")) {
    section.querySelector("[data-verify-upload]").open = false;
  }
  input.addEventListener("change", () => check(input.files[0]));
  section.addEventListener("dragover", (event) => event.preventDefault());
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    check(event.dataTransfer.files[0]);
  });
}

// Web Crypto is there on https and localhost only; without it the upload form stays as it is.
if (globalThis.document && globalThis.crypto?.subtle) {
  document.querySelectorAll("[data-verify]").forEach(attach);
}
