// Asks the device for a passkey and sends its answer with the form: by itself at first, then with the button.
"use strict";

const form = document.querySelector("form[data-passkey]");
const button = form.querySelector("button");
const failed = form.querySelector("[data-failed]");

async function ask() {
  failed.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const options = JSON.parse(form.dataset.options);
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.querySelector("[name=answer]").value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    failed.hidden = false; // cancelled, too slow, or none for this site: the browser does not say which
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON && !/^[\d.]+$|^\[/.test(location.hostname)) {
  button.addEventListener("click", ask);
  if (!("wait" in form.dataset)) ask();
} else {
  button.hidden = true;
  form.querySelector("[data-unable]").hidden = false;
}
