// Invites: closing a link asks first, and new links are copied by one button.

import { t } from "./words.js";

document.addEventListener("submit", (event) => {
  const ask = event.target.dataset?.ask;
  if (ask && !confirm(ask)) event.preventDefault();
});

const renewing = document.querySelector("#renew-many");
if (renewing) {
  const all = renewing.querySelector("[data-all]");
  const boxes = [...document.querySelectorAll("[form=renew-many][name=ids]")];
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const box of boxes) box.checked = event.target.checked;
  });
}

const source = document.querySelector("[data-copy-from]");
const copy = document.querySelector("[data-copy]");
if (source && copy) {
  const said = document.querySelector("[data-copied]");
  source.addEventListener("focus", () => source.select());
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      // Pages without TLS have no clipboard of this kind; the text is selected either way.
      if (!document.execCommand("copy")) return;
    }
    copy.textContent = said.textContent = t("invites.links.copied");
  });
}
