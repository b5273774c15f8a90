// Lets a button copy what it is for, and hand it on to whatever the device shares with; the button itself says so.
"use strict";

const MOMENT = 2500;

const offer = () => {
  for (const button of document.querySelectorAll("[data-copy], [data-text]")) button.hidden = !navigator.clipboard;
  for (const button of document.querySelectorAll("[data-share]")) button.hidden = !navigator.share;
};

const say = (button) => {
  const heard = document.querySelector("[data-copied]");
  const before = button.textContent;
  if (button.dataset.said || !heard) return;
  button.dataset.said = button.textContent = heard.textContent = heard.dataset.copied;
  setTimeout(() => {
    button.textContent = before;
    heard.textContent = "";
    delete button.dataset.said;
  }, MOMENT);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-text], [data-share]");
  if (!button) return;
  if (button.dataset.share) {
    const url = new URL("/", location).href;
    await navigator.share({ text: button.dataset.share, url }).catch(() => {}); // whoever shares nothing after all
    return;
  }
  const text = button.dataset.text ?? document.getElementById(button.dataset.copy).textContent;
  await navigator.clipboard.writeText(text);
  say(button);
});
document.addEventListener("filled", offer);
offer();
