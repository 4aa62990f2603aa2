// The template's form: how many questions are chosen so far, a bank and in all.

import { t } from "./words.js";

const form = document.querySelector("[data-template]");
if (form) {
  const total = form.querySelector("[data-total]");
  const sum = (part) =>
    [...part.querySelectorAll("[data-count]")].reduce((all, box) => all + (Number.parseInt(box.value, 10) || 0), 0);

  function refresh() {
    for (const bank of form.querySelectorAll("[data-bank]")) {
      const chosen = sum(bank);
      const tag = bank.querySelector("[data-bank-count]");
      tag.hidden = chosen === 0;
      tag.textContent = t("templates.from_bank", { n: chosen });
    }
    total.textContent = t("templates.total", { n: sum(form), most: total.dataset.most });
  }

  form.addEventListener("input", refresh);
  addEventListener("pageshow", refresh);
  refresh();
}
