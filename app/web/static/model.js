// While the language model is fetched or loaded: a progress bar, and what it is doing.

import { getJSON } from "./net.js";
import { t } from "./words.js";

const EVERY_MS = 1000;
const MEGABYTE = 1_000_000;

function size(bytes) {
  return bytes >= 1000 * MEGABYTE ? `${(bytes / (1000 * MEGABYTE)).toFixed(2)} GB` : `${Math.round(bytes / MEGABYTE)} MB`;
}

function eta(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds >= 90) return t("model.eta_minutes", { n: Math.round(seconds / 60) });
  return t("model.eta_seconds", { n: Math.max(1, Math.round(seconds)) });
}

function show(box, status) {
  const part = (name) => box.querySelector(`[data-model-${name}]`);
  const failed = status.state === "failed";
  const measured = status.total_bytes > 0 && status.state !== "loading" && !failed;
  part("state").textContent = t(`model.${status.state}`);
  part("bytes").textContent = measured
    ? t("model.bytes", { done: size(status.done_bytes), total: size(status.total_bytes) })
    : "";
  part("eta").textContent = failed ? "" : eta(status.eta_seconds);
  part("note").textContent = t({ fetching: "model.once", failed: "model.failed_help" }[status.state] ?? "model.soon");
  const bar = part("bar");
  bar.hidden = failed;
  bar.setAttribute("aria-label", t(`model.${status.state}`));
  if (measured) bar.value = status.done_bytes / status.total_bytes;
  else bar.removeAttribute("value");
  box.classList.toggle("failed", failed);
}

/** Keeps `box` up to date until the model is ready; calls `changed(state)` at every look. */
export async function watchModel(box, changed = () => {}) {
  for (;;) {
    let status = null;
    try {
      status = await getJSON("/api/v1/model");
    } catch {
      // The server can't be reached; the page says so elsewhere, and this looks again.
    }
    if (status) {
      box.hidden = status.state === "ready";
      if (!box.hidden) show(box, status);
      changed(status.state);
      if (status.state === "ready") return;
    }
    await new Promise((resolve) => setTimeout(resolve, status?.state === "failed" ? 10 * EVERY_MS : EVERY_MS));
  }
}
