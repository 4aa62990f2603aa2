// Points and quotes show each other: choosing a point lights its words in the transcript, choosing words their points.

function light(keys, except) {
  for (const lit of document.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  for (const mark of document.querySelectorAll("mark[data-points]")) {
    if (mark.dataset.points.split(" ").some((key) => keys.includes(key))) mark.classList.add("is-lit");
  }
  for (const point of document.querySelectorAll("[data-point]")) {
    if (keys.includes(point.dataset.point) && point !== except) point.classList.add("is-lit");
  }
}

function show(element) {
  element.scrollIntoView({ block: "center", behavior: "smooth" });
  element.focus?.({ preventScroll: true });
}

/** Lights a point and brings its quote into view: the one named, or its first. */
export function showEvidence(point, anchor) {
  light([point.dataset.point]);
  const target = document.getElementById(anchor ?? point.querySelector("[data-quote]")?.dataset.quote ?? "");
  const mark = target?.closest("mark") ?? target;
  if (mark) show(mark);
}

document.addEventListener("click", (event) => {
  const quote = event.target.closest("[data-quote]");
  if (quote) {
    event.preventDefault();
    history.replaceState(null, "", quote.getAttribute("href"));
    showEvidence(quote.closest("[data-point]"), quote.dataset.quote);
    return;
  }
  const mark = event.target.closest("mark[data-points]");
  if (!mark || String(getSelection()).length > 0) return;
  const keys = mark.dataset.points.split(" ");
  light(keys);
  document.getElementById(`point-${keys[0]}`)?.scrollIntoView({ block: "center", behavior: "smooth" });
});
