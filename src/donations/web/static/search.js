// The key / goes to the search in the head of the page, unless keys are switched off. Without it the field works.
"use strict";

document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]");
  if (event.key !== "/" || busy || localStorage.getItem("donations.keys") === "off") return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  event.preventDefault();
  document.querySelector("[data-find]").select();
});
