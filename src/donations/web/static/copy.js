// Lets a button copy what stands beside it.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = document.querySelector("[data-copied]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    said.textContent = said.dataset.copied;
  });
}
