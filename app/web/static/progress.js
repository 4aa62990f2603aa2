// What the chat page shows of where the interview stands.

import { t } from "./words.js";

export const part = (name) => document.querySelector(`[data-${name}]`);

// Seconds after which people want to know why it takes so long.
const LONG = 8;

let warned = null;
let doing = { name: "", since: 0 };

setInterval(() => doing.since && showDoing(), 1000);

/** Shows `now`: all the facts that decide what is visible and what can be pressed. */
export function showProgress(now) {
  const { begun, busy, closed, ended, question, status, trouble, waits } = now;
  const silent = ended || Boolean(closed);
  part("where").textContent = question?.number ? t("chat.progress", question) : begun ? "" : t("chat.before_first");
  part("journey").value = ended ? 1 : question?.of ? Math.max(0, question.number - 1) / question.of : 0;
  const preparing = !silent && trouble === null && waits;
  part("model-status").hidden = !preparing || now.modelReady;
  const judging = now.activity === "judging";
  part("typing").hidden = !preparing || !now.modelReady || (now.speaking && !judging);
  const name = !begun ? "waiting" : now.activity === "idle" ? "reading" : now.activity;
  const since = part("typing").hidden ? 0 : doing.since || Date.now();
  doing = { name, since };
  showDoing();
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

/** What is being done and, once it takes long, for how long already. */
function showDoing() {
  const seconds = doing.since ? Math.floor((Date.now() - doing.since) / 1000) : 0;
  part("activity").textContent = t(`chat.${doing.name}`) + (seconds < LONG ? "" : t("chat.taking", { n: seconds }));
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
