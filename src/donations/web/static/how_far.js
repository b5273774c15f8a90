// Shows how far a long step is while its answer is waited for. Without it forms work as they are.
"use strict";

const LOOK_EVERY = 1000;
let nextLook = 0;

/** Shows in `work` how far the step is that was asked for at a path: a bar, and words below it. */
function showHowFar(work, path) {
  const bar = work.querySelector("progress");
  const words = work.querySelector("[data-how-far]");
  work.hidden = false;
  words.textContent = "";
  bar.removeAttribute("value");

  async function look() {
    try {
      const answer = await fetch(`/treasurer/progress?of=${encodeURIComponent(path)}`);
      const far = await answer.json();
      // Another process may answer, or the next page is being made: what was shown stays.
      if (far.is_known || !words.textContent) words.textContent = far.words;
      if (far.done) {
        bar.max = far.total;
        bar.value = far.done;
      } else if (far.is_known) bar.removeAttribute("value");
    } catch {
      // It may answer the next time; the step itself goes on.
    }
    nextLook = setTimeout(look, LOOK_EVERY);
  }

  look();
}

for (const form of document.querySelectorAll("form[data-long]")) {
  form.addEventListener("submit", () => {
    clearTimeout(nextLook);
    nextLook = setTimeout(() => {
      const work = document.querySelector("[data-work]");
      const row = form.closest(".actions");
      if (row) row.after(work);
      else form.append(work);
      // What takes long may be the page that follows: then the form names it.
      showHowFar(work, form.dataset.long || new URL(form.action).pathname);
    }, LOOK_EVERY / 2);
  });
}

// A page that comes back from the browser's own cache waits for nothing.
window.addEventListener("pageshow", () => {
  clearTimeout(nextLook);
  document.querySelector("[data-work]").hidden = true;
});
