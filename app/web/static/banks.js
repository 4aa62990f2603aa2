// The upload: choosing or dropping a file sends it, shows how far it is, and says in place what was wrong.

import { t } from "./words.js";

const form = document.querySelector("[data-upload]");
if (form) {
  const part = (name) => form.querySelector(`[data-upload-${name}]`);
  const input = form.elements.namedItem("file");
  const drop = form.querySelector("[data-drop]");
  const uploading = form.querySelector("[data-uploading]");
  const problem = document.getElementById("upload-problem");
  const most = Number(form.dataset.maxBytes);
  let sending = null;

  function show(text) {
    problem.replaceChildren();
    if (!text) return;
    const notice = document.createElement("p");
    notice.className = "notice notice-danger";
    notice.textContent = text;
    problem.append(notice);
  }

  function idle() {
    sending = null;
    form.classList.remove("is-busy");
    uploading.hidden = true;
    form.reset();
    input.focus({ preventScroll: true });
  }

  function progress(sent, total) {
    const bar = part("bar");
    if (sent < total) {
      bar.value = sent / total;
      part("state").textContent = t("banks.upload.sending", { share: Math.floor((100 * sent) / total) });
    } else {
      bar.removeAttribute("value");
      part("state").textContent = t("banks.upload.reading");
    }
  }

  function ended(request) {
    const address = request.getResponseHeader("HX-Redirect");
    if (address) {
      location.assign(address);
      return;
    }
    idle();
    if (request.status === 413) show(t("banks.upload.too_large", { mb: most / 1e6 }));
    else if (request.getResponseHeader("Content-Type")?.startsWith("text/html")) problem.innerHTML = request.responseText;
    else show(t("problem.unknown"));
  }

  function send(file) {
    show("");
    if (file.size > most) {
      show(t("banks.upload.too_large", { mb: most / 1e6 }));
      form.reset();
      return;
    }
    const body = new FormData();
    body.append("file", file);
    sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.setRequestHeader("HX-Request", "true");
    sending.setRequestHeader("Accept", "text/html");
    sending.upload.addEventListener("progress", (event) => progress(event.loaded, event.total));
    sending.addEventListener("load", () => ended(sending));
    sending.addEventListener("error", () => {
      idle();
      show(t("problem.network"));
    });
    form.classList.add("is-busy");
    uploading.hidden = false;
    part("name").textContent = file.name;
    progress(0, 1);
    part("cancel").focus({ preventScroll: true });
    sending.send(body);
  }

  form.classList.add("is-live");
  input.addEventListener("change", () => input.files.length > 0 && send(input.files[0]));
  form.addEventListener("submit", (event) => event.preventDefault());
  part("cancel").addEventListener("click", () => {
    sending?.abort();
    idle();
  });
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("is-over"));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  // A file dropped beside the area would replace the page.
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => event.target !== input && event.preventDefault());
  }
  addEventListener("pageshow", () => !sending && form.reset());
}
