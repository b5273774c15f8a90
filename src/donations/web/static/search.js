// The key / goes to the search in the head of the page, unless keys are switched off; Escape leaves a field, so that
// / works there too. Without it the field works.
"use strict";

document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]");
  const field = event.target.closest("input, select, textarea, [contenteditable]");
  if (busy || localStorage.getItem("donations.keys") === "off") return;
  if (field && event.key === "Escape") field.blur();
  if (field || event.key !== "/") return;
  event.preventDefault();
  document.querySelector("[data-find]").select();
});
