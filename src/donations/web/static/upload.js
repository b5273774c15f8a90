// The upload form with drag and drop, paste, a list of the files and progress. Without it the form works as it is.
"use strict";

const form = document.querySelector("form[data-upload]");
const part = (name) => form.querySelector(`[data-${name}]`);
const area = form.querySelector(".drop");
const input = form.querySelector("input[type=file]");
const button = form.querySelector(".actions button");
const progress = form.querySelector("progress");
const failure = document.querySelector("[data-failure]");
const sized = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);
let files = [];

function say(name) {
  const said = form.querySelector(`template[data-says="${name}"]`);
  failure.replaceChildren(...(said ? [said.content.cloneNode(true)] : []));
}

// The browser's own words for choosing are in its language, not in the page's; what is chosen is listed below.
input.classList.add("unseen");
part("choose").hidden = false;

const isSame = (one, other) => one.name === other.name && one.size === other.size;

function row(file, at) {
  const item = part("row").content.cloneNode(true).firstElementChild;
  item.querySelector("bdi").textContent = file.name;
  item.querySelector("[data-size]").textContent = sized(file.size);
  item.querySelector("[data-twice]").hidden = files.findIndex((each) => isSame(each, file)) === at;
  item.querySelector(".unseen").textContent = ` ${file.name}`;
  item.querySelector("button").addEventListener("click", () => {
    choose(files.filter((_, index) => index !== at));
    (part("chosen").querySelectorAll("button")[at] ?? input).focus();
  });
  return item;
}

// The input always holds what is listed, so that what is sent is what is shown.
function choose(chosen) {
  files = chosen;
  const held = new DataTransfer();
  for (const file of files) held.items.add(file);
  input.files = held.files;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  part("chosen").replaceChildren(...files.map(row));
  part("chosen").hidden = files.length === 0;
  part("total").hidden = files.length === 0;
  part("total").textContent = `${sized(bytes)} ${part("total").dataset.of}`;
  const isTooLarge = bytes > Number(form.dataset.bytesMax);
  const isTooMany = files.length > Number(form.dataset.filesMax);
  say(isTooLarge ? "too-large" : isTooMany ? "too-many" : "");
  button.disabled = isTooLarge || isTooMany;
}

input.addEventListener("change", () => choose([...input.files]));

for (const kind of ["dragenter", "dragover"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    area.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  form.addEventListener(kind, () => area.classList.remove("over"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  choose([...files, ...event.dataTransfer.files]);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0) choose([...files, ...event.clipboardData.files]);
});

function rest() {
  button.disabled = false;
  part("work").hidden = true;
}

function refuse(page) {
  rest();
  const told = new DOMParser().parseFromString(page, "text/html");
  const said = told.querySelector("[data-failure] .note") ?? told.querySelector("main .card");
  if (!said) return say("broken");
  said.querySelector(".actions")?.remove();
  failure.replaceChildren(document.adoptNode(said));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  const status = part("status");
  request.upload.addEventListener("progress", (moved) => {
    if (moved.lengthComputable) progress.value = moved.loaded / moved.total;
  });
  request.upload.addEventListener("load", () => {
    progress.removeAttribute("value");
    status.textContent = status.dataset.reading;
  });
  request.addEventListener("load", () => {
    if (request.status === 201) {
      const { preview } = JSON.parse(request.responseText);
      showHowFar(part("work"), preview);
      location.assign(preview);
    } else refuse(request.responseText);
  });
  request.addEventListener("error", () => {
    rest();
    say("broken");
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  say("");
  button.disabled = true;
  part("work").hidden = false;
  progress.max = 1;
  progress.value = 0;
  status.textContent = status.dataset.sending;
  part("how-far").textContent = "";
  request.send(new FormData(form));
});

// A page that comes back from the browser's own cache is not busy, and may still hold what was chosen.
window.addEventListener("pageshow", () => {
  rest();
  choose([...input.files]);
});
