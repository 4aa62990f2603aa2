// What the chat page shows of where the interview stands.

import { t } from "./words.js";

export const part = (name) => document.querySelector(`[data-${name}]`);

let warned = null;

/** Shows `now`: all the facts that decide what is visible and what can be pressed. */
export function showProgress(now) {
  const { begun, busy, closed, ended, question, status, trouble, waits } = now;
  const silent = ended || Boolean(closed);
  part("where").textContent = question?.number ? t("chat.progress", question) : begun ? "" : t("chat.before_first");
  part("journey").value = ended ? 1 : question?.of ? Math.max(0, question.number - 1) / question.of : 0;
  const preparing = !silent && trouble === null && waits;
  part("model-status").hidden = !preparing || now.modelReady;
  part("typing").hidden = !preparing || !now.modelReady || now.speaking;
  const doing = !begun ? "waiting" : now.activity === "writing" ? "writing" : "reading";
  part("activity").textContent = t(`chat.${doing}`);
  part("trouble").hidden = trouble === null || silent;
  part("trouble-text").textContent = trouble ?? "";
  part("paused").hidden = status !== "paused" || silent;
  part("done").hidden = !ended;
  part("desk").hidden = ended;
  for (const button of document.querySelectorAll("[data-intent]")) {
    button.disabled = silent || busy;
    if (button.dataset.intent === "pause") button.hidden = ended || status === "paused";
  }
  part("end").disabled = silent || !begun || now.delivering;
  part("end").hidden = ended;
  part("device").disabled = part("dictate").disabled = silent;
  part("send").disabled = silent || busy;
  part("stop").hidden = silent || !now.stoppable;
  part("send").hidden = !part("stop").hidden;
  part("closed").hidden = !closed;
  part("closed-text").textContent = closed?.message ?? "";
  const cut = !navigator.onLine ? "offline" : now.cut ? "reconnecting" : null;
  part("connection").hidden = cut === null || silent;
  part("connection").textContent = cut ? t(`chat.${cut}`) : "";
  showTime(now.clock, begun, silent || status === "paused");
}

function showTime(clock, begun, calm) {
  part("minutes").textContent =
    clock.minutes && begun ? t("chat.minutes", { used: clock.used, of: clock.minutes.of }) : "";
  const { scarce } = clock;
  part("time").hidden = calm || !begun || scarce === null;
  if (part("time").hidden) return;
  const up = scarce === 0;
  part("time").textContent = up ? t("chat.time_up") : t("chat.time_left", { n: scarce });
  if (warned !== up) part("announce").textContent = part("time").textContent;
  warned = up;
}
