// Puts a code of their own into the box of whoever comes near it: this page is the same for everybody, that one is not.
"use strict";

const box = document.querySelector("[data-own-code]");

const fill = async () => {
  const answer = await fetch(box.dataset.ownCode);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const filled = page.getElementById(box.id);
  if (!filled || box.contains(document.activeElement)) return;
  box.replaceWith(document.adoptNode(filled));
  document.dispatchEvent(new Event("filled"));
};

if (box) {
  const near = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    near.disconnect();
    fill().catch(() => {}); // without an answer the link in the box leads there too
  }, { rootMargin: "300px" });
  near.observe(box);
}
