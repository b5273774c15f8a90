// Looks every second how far the work is, and shows the page anew once it has ended. Without it there is a link.
"use strict";

const EVERY = 1000;

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("[data-progress]");
    if (answer.ok && found === null) {
      location.replace(location.pathname);
      return;
    }
    if (found !== null) {
      document.querySelector("[data-progress]").replaceChildren(...found.childNodes);
      document.title = page.title;
    }
  } catch {
    // The connection may come back; the link is there meanwhile.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
