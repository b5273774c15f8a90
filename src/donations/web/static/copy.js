// Lets a button copy what stands beside it.
"use strict";

const offerCopies = () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  const said = document.querySelector("[data-copied]");
  said.textContent = said.dataset.copied;
});
document.addEventListener("filled", offerCopies);
offerCopies();
