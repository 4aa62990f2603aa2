// The review: nothing typed is lost by leaving, Ctrl+Enter saves, and throwing a draft away asks first.

import { t } from "./words.js";

const edited = () => document.querySelector("[data-editor][data-changed]");

document.addEventListener("input", (event) => {
  const editor = event.target.closest?.("[data-editor]");
  if (!editor || !event.target.closest("[data-edit]")) return;
  editor.dataset.changed = "";
  editor.querySelector("[data-unsaved]").hidden = false;
});

// Closing is asked about where it would lose words; htmx hears the click later than this.
document.addEventListener(
  "click",
  (event) => {
    const close = event.target.closest?.("[data-close]");
    if (close?.closest("[data-changed]") && !confirm(t("draft.leave"))) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("[data-edit]");
  form?.requestSubmit(form.querySelector(".save-bar [value=save]"));
});

document.addEventListener("submit", (event) => {
  const ask = event.target.dataset?.ask;
  if (ask && !confirm(ask)) event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (edited()) event.preventDefault();
});
