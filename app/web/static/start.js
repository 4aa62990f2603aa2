// The start page: sections of the chosen bank only, a stepper, an estimate of minutes, one click one interview.

import { watchModel } from "./model.js";
import { t } from "./words.js";

const MINUTES_A_QUESTION = 3;
const MINUTES_A_FOLLOW_UP = 1;

const form = document.querySelector("[data-setup]");
if (form) {
  const count = form.elements.namedItem("questions");
  const most = Number(count.max);
  const minutes = form.querySelector("[data-minutes]");
  const begin = form.querySelector("[data-begin]");
  const beginWords = begin.firstChild;

  function available() {
    const bank = form.querySelector("[name=bank]:checked");
    const ticked = [...form.querySelectorAll("[data-sections-of]:not([hidden]) input:checked")];
    const questions = ticked.reduce((sum, box) => sum + Number(box.dataset.questions), 0);
    return Math.min(most, questions || Number(bank?.dataset.questions ?? most));
  }

  /** Offers the languages that the chosen bank can be asked in, and says so when they are a translation. */
  function offerLanguages(bank) {
    const tongues = form.querySelector("[data-tongues]");
    if (!tongues || !bank) return;
    const { language, languageName, languages } = bank.dataset;
    const possible = languages.split(" ").filter(Boolean);
    for (const radio of tongues.querySelectorAll("input")) {
      radio.disabled = radio.value !== "" && !possible.includes(radio.value);
      radio.closest("label").hidden = radio.disabled;
      if (radio.disabled && radio.checked) tongues.querySelector("input").checked = true;
    }
    tongues.hidden = possible.length === 0;
    tongues.querySelector("[data-own-language]").textContent = t("start.language_own_named", { name: languageName });
    tongues.querySelector("[data-translated]").hidden = !isTranslated(language);
  }

  function isTranslated(own) {
    const wanted = form.querySelector("[name=language]:checked")?.value;
    return Boolean(wanted) && wanted.split("-")[0] !== own?.split("-")[0];
  }

  function refresh() {
    offerLanguages(form.querySelector("[name=bank]:checked"));
    const bank = form.querySelector("[name=bank]:checked")?.value;
    for (const group of form.querySelectorAll("[data-sections-of]")) {
      group.hidden = group.dataset.sectionsOf !== bank;
      group.disabled = group.hidden;
    }
    count.max = available();
    if (count.value && Number(count.value) > Number(count.max)) count.value = count.max;
    form.querySelector("[data-assessment]").hidden = form.elements.namedItem("practice").checked;
    const followUps = Number(form.querySelector("[name=follow_ups]:checked")?.value ?? 0);
    const each = MINUTES_A_QUESTION + followUps * MINUTES_A_FOLLOW_UP;
    minutes.textContent = count.value ? t("start.minutes", { n: Number(count.value) * each }) : "";
  }

  for (const button of form.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const wanted = Number(count.value || 0) + Number(button.dataset.step);
      count.value = Math.max(1, Math.min(Number(count.max), wanted));
      refresh();
    });
  }
  form.addEventListener("input", refresh);
  form.addEventListener("submit", (event) => {
    if (begin.getAttribute("aria-disabled") === "true") event.preventDefault();
    begin.setAttribute("aria-disabled", "true");
    const own = form.querySelector("[name=bank]:checked")?.dataset.language;
    beginWords.textContent = t(isTranslated(own) ? "start.translating" : "start.beginning");
  });
  // Coming back by the back button finds the page as it was left, with the button still waiting.
  addEventListener("pageshow", () => {
    begin.removeAttribute("aria-disabled");
    beginWords.textContent = t("start.begin");
    refresh();
  });
  refresh();
  watchModel(form.querySelector("[data-model-status]"));
}
