// Keys for the questions, and the rest of a split shown while one types. Without it all links and forms work.
"use strict";

const STORED = "donations.keys";
const TYPING = "input, select, textarea, [contenteditable]";
const keysOn = document.querySelector("[data-keys-on]");
const questions = Array.from(document.querySelectorAll("[data-question]"));

function keysWanted() {
  return keysOn !== null && keysOn.checked;
}

function showKeys() {
  document.documentElement.classList.toggle("with-keys", keysWanted());
  for (const each of document.querySelectorAll("[data-key]")) {
    if (keysWanted()) each.setAttribute("aria-keyshortcuts", each.dataset.key);
    else each.removeAttribute("aria-keyshortcuts");
  }
}

if (keysOn !== null) {
  keysOn.checked = localStorage.getItem(STORED) !== "off";
  keysOn.addEventListener("change", () => {
    localStorage.setItem(STORED, keysOn.checked ? "on" : "off");
    showKeys();
  });
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
  }
  showKeys();
}

// The question that keys act on: the one that had the focus last, at first the one that the server says.
let current = questions.find((each) => "current" in each.dataset) ?? questions[0] ?? null;
document.addEventListener("focusin", (event) => {
  const found = event.target.closest("[data-question]");
  if (found === null || found === current) return;
  delete current?.dataset.current;
  found.dataset.current = "";
  current = found;
});

function walk(step) {
  questions[questions.indexOf(current) + step]?.querySelector("[tabindex='-1']").focus();
}

function act(element) {
  if (element.tagName === "SUMMARY") {
    element.parentElement.open = true;
    element.parentElement.querySelector("select, input:not([type=hidden])").focus();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.altKey || event.metaKey || event.repeat || document.querySelector("dialog[open]");
  if (busy || event.target.closest(TYPING)) return;
  if (!keysWanted() && event.key !== "?") return;
  const wanted = `[data-key="${CSS.escape(event.key)}"]`;
  const own = current?.querySelector(wanted);
  // What belongs to one question only acts on the current one.
  const found = own ?? Array.from(document.querySelectorAll(wanted)).find((each) => !each.closest("[data-question]"));
  if (found) act(found);
  else if (event.key === "j" && questions.length > 1) walk(1);
  else if (event.key === "k" && questions.length > 1) walk(-1);
  else return;
  event.preventDefault();
});

// Split: what is left over, as one types. The server counts again; what it cannot read is not counted here either.
const split = document.querySelector("[data-split]");
if (split !== null) {
  const rest = split.querySelector("[data-rest]");
  const like = rest.textContent;
  const digits = /[.,](\d+)/.exec(like)?.[1].length ?? 0;
  const sign = like.replace(/[\u2212\d\s.,]/g, "");
  const readable = new RegExp(`^(\\d{1,12})(?:[.,](\\d{${digits}}))?$`);
  const minorOf = (text) => {
    const found = readable.exec(text.trim());
    return found === null ? 0 : Number(found[1] + (found[2] ?? "").padEnd(digits, "0"));
  };
  split.addEventListener("input", () => {
    const amounts = Array.from(split.querySelectorAll("[name=amount]"), (field) => minorOf(field.value));
    const left = Number(split.dataset.whole) - amounts.reduce((sum, each) => sum + each, 0);
    const text = String(Math.abs(left)).padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
    const fraction = digits ? `,${text.slice(-digits)}` : "";
    rest.textContent = `${left < 0 ? "\u2212" : ""}${whole}${fraction}\u00a0${sign}`;
  });
}
