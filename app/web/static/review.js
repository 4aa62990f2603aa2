// The review by hand and by key: points and their words show each other, and a key opens or gives a verdict.

import { showEvidence } from "./evidence.js";

const OFF = "review-keys-off";
const VERDICTS = { 1: "0", 2: "0.5", 3: "1" };
const WAYS = { b: "[data-back]", n: "[rel=next]", p: "[rel=prev]" };
const points = () => [...document.querySelectorAll("[data-point]")];
const blind = document.querySelector("[data-blind]") !== null;
const chosen = () => document.activeElement?.closest("[data-point]") ?? document.querySelector("[data-point].is-chosen");

function pulse(element) {
  element.classList.remove("is-pulsing");
  // Reading the layout lets the animation begin anew.
  void element.offsetWidth;
  element.classList.add("is-pulsing");
}

const sideBySide = matchMedia("(min-width: 62rem)");
let questionShown = "";

function show(point) {
  showEvidence(point);
  const question = point.dataset.point.split("-")[0];
  // Without words to show, the conversation turns to the question, once: reading on keeps its place.
  if (question !== questionShown && sideBySide.matches && !point.querySelector("[data-quote]")) {
    document.getElementById(`turn-${question}`)?.scrollIntoView({ block: "start", behavior: "smooth" });
  }
  questionShown = question;
  for (const mark of document.querySelectorAll("mark.is-lit")) pulse(mark);
}

function choose(point) {
  if (!point) return;
  document.querySelector("[data-point].is-chosen")?.classList.remove("is-chosen");
  point.classList.add("is-chosen");
  show(point);
  point.focus({ preventScroll: true });
  point.scrollIntoView({ block: "center", behavior: "smooth" });
}

function walk(step) {
  const all = points();
  const place = all.indexOf(chosen());
  choose(all[place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step]);
}

// Disputed points first, then flagged ones, then those the reviewer saw otherwise; each in the rubric's order.
function nextFlagged() {
  const asking = points().filter((point) => point.dataset.attention);
  const order = asking.sort((one, other) => other.dataset.attention - one.dataset.attention);
  choose(order[(order.indexOf(chosen()) + 1) % order.length]);
}

function decide(point, credit) {
  if (blind) {
    point.querySelector(`.blind-verdict [value="${credit}"]`)?.click();
    // On to the next at once: whoever is quick does not wait for the server.
    const all = points();
    choose(all.slice(all.indexOf(point) + 1).find((later) => "unjudged" in later.dataset));
    return;
  }
  const details = point.querySelector("[data-decide]");
  const choice = details?.querySelector(`[name=credit][value="${credit}"]`);
  if (!choice) return;
  details.open = true;
  choice.checked = true;
  details.querySelector("textarea").focus();
}

// A form closes where it was opened, with what was typed kept in it.
function close() {
  const form = document.activeElement?.closest("details[open]");
  if (!form) return;
  form.open = false;
  (form.closest("[data-point]") ?? form.querySelector("summary")).focus({ preventScroll: true });
}

const keys = document.querySelector("[data-keys]");
const on = document.querySelector("[data-keys-on]");

function remember(off) {
  try {
    if (off) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch {
    // Storage is blocked: the choice holds until the page is left.
  }
}

function wereOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

if (keys) {
  keys.hidden = false;
  on.checked = !wereOff();
  on.addEventListener("change", () => remember(!on.checked));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    close();
    return;
  }
  const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if (typing || !on?.checked) return;
  const point = chosen();
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "f" && !blind) nextFlagged();
  else if (event.key in WAYS) document.querySelector(WAYS[event.key])?.click();
  else if (event.key === "?") keys.open = !keys.open;
  else if (event.key in VERDICTS && point) decide(point, VERDICTS[event.key]);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const next = event.target.closest("[data-next-flagged]");
  if (next) {
    event.preventDefault();
    nextFlagged();
    return;
  }
  const mark = event.target.closest("mark[data-points]");
  if (mark && String(getSelection()).length === 0) {
    document.querySelector("[data-point].is-chosen")?.classList.remove("is-chosen");
    for (const key of mark.dataset.points.split(" ")) {
      const point = document.getElementById(`point-${key}`);
      if (point) pulse(point);
    }
    document.getElementById(`point-${mark.dataset.points.split(" ")[0]}`)?.classList.add("is-chosen");
    return;
  }
  const point = event.target.closest("[data-point]");
  const busy = event.target.closest("a, button, input, textarea, label, summary, form, .history-slot");
  if (!point || busy || String(getSelection()).length > 0) return;
  document.querySelector("[data-point].is-chosen")?.classList.remove("is-chosen");
  point.classList.add("is-chosen");
  if (point.querySelector("[data-quote]")) show(point);
});

// What the server sent in a point's place takes over its focus, unless that has gone elsewhere.
document.addEventListener("htmx:after:swap", () => {
  const fresh = document.querySelector("[data-point][data-fresh]");
  if (!fresh) return;
  delete fresh.dataset.fresh;
  const open = fresh.querySelector("details[open] textarea");
  if (open) open.focus();
  else if (document.activeElement === document.body) {
    if (!blind) choose(fresh);
    else fresh.focus({ preventScroll: true });
  }
});
