// An interview that was closed: what was typed and not sent is still in this browser, and can be copied.

import { copy } from "./copying.js";

const kept = document.querySelector("[data-kept]");
const storage = `interview:${kept.dataset.kept}`;
const box = kept.querySelector("textarea");

try {
  const unsent = JSON.parse(localStorage.getItem(`${storage}:outbox`))?.reply.text;
  box.value = [unsent, localStorage.getItem(`${storage}:draft`)].filter(Boolean).join("\n\n");
} catch {
  // Without storage nothing was kept.
}
kept.hidden = !box.value;
const button = kept.querySelector("[data-copy]");
button.addEventListener("click", () => copy(box.value, button));
