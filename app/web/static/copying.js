// Copies a text to the clipboard, also where the page is not a secure context.

import { t } from "./words.js";

const THANKS_MS = 2000;

/** Copies `text`; `button` says for a moment that it is done. */
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = Object.assign(document.createElement("textarea"), { value: text, className: "sr-only" });
    button.after(box);
    box.select();
    document.execCommand("copy");
    box.remove();
    button.focus();
  }
  const label = button.textContent;
  if (label === t("chat.copied")) return;
  button.textContent = t("chat.copied");
  setTimeout(() => (button.textContent = label), THANKS_MS);
}
