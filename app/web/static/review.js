// The recruiter's transcript: a click on a point shows its words, a button walks through the flagged points.

import { showEvidence } from "./evidence.js";

for (const point of document.querySelectorAll("[data-point]")) {
  if (!point.querySelector("[data-quote]")) continue;
  point.addEventListener("click", (event) => {
    if (event.target.closest("a") || String(getSelection()).length > 0) return;
    showEvidence(point);
  });
}

const next = document.querySelector("[data-next-flagged]");
const flagged = [...document.querySelectorAll("[data-flagged]")];
if (next && flagged.length > 0) {
  let place = -1;
  next.hidden = false;
  next.addEventListener("click", () => {
    place = (place + 1) % flagged.length;
    const point = flagged[place];
    showEvidence(point);
    point.classList.add("is-lit");
    point.tabIndex = -1;
    point.focus({ preventScroll: true });
    point.scrollIntoView({ block: "center", behavior: "smooth" });
  });
}
