// Drag and drop for the upload form, and a sign of life while the server reads. Without it the form works as it is.
"use strict";

const form = document.querySelector("form[data-upload]");
const area = form.querySelector(".drop");
const input = form.querySelector("input[type=file]");
const list = form.querySelector("[data-chosen]");
const button = form.querySelector("button");

function show() {
  list.replaceChildren(
    ...Array.from(input.files, (file) => {
      const item = document.createElement("li");
      const name = document.createElement("bdi");
      name.textContent = file.name;
      item.append(name);
      return item;
    }),
  );
}

input.addEventListener("change", show);

for (const kind of ["dragenter", "dragover"]) {
  area.addEventListener(kind, (event) => {
    event.preventDefault();
    area.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  area.addEventListener(kind, () => area.classList.remove("over"));
}
area.addEventListener("drop", (event) => {
  event.preventDefault();
  input.files = event.dataTransfer.files;
  show();
});

form.addEventListener("submit", () => {
  button.setAttribute("aria-busy", "true");
  form.querySelector("[data-busy]").hidden = false;
});
// A page that comes back from the browser's own cache is not busy.
window.addEventListener("pageshow", () => {
  button.removeAttribute("aria-busy");
  form.querySelector("[data-busy]").hidden = true;
});
