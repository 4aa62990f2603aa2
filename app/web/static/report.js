// The report prints itself, and follows the scores that are still being worked out.

const LOOK_AGAIN_MS = 4000;

const page = document.querySelector("[data-report]");
page.querySelector("[data-print]")?.addEventListener("click", () => window.print());

// What is closed would be missing on paper.
addEventListener("beforeprint", () => {
  for (const details of page.querySelectorAll(".model-answer, .fingerprint")) details.open = true;
});

// A dispute half written would be lost with the page.
function isWriting() {
  return [...page.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
}

async function look() {
  try {
    const response = await fetch(location.pathname, { cache: "no-cache", headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-report]");
    if (response.ok && fresh && fresh.dataset.awaited !== page.dataset.awaited && !isWriting()) {
      location.reload();
      return;
    }
  } catch {
    // Offline for a moment; it looks again.
  }
  setTimeout(look, LOOK_AGAIN_MS);
}

if (Number(page.dataset.awaited) > 0) setTimeout(look, LOOK_AGAIN_MS);
