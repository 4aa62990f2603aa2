// The chat page: the transcript, the stream of events and the composer, wired together.

import { Composer } from "./composer.js";
import { Events } from "./events.js";
import { watchModel } from "./model.js";
import { getJSON, problemOf, request } from "./net.js";
import { Outbox } from "./outbox.js";
import { Transcript } from "./transcript.js";
import { t } from "./words.js";

const LOOK_AGAIN_MS = 20_000;

const part = (name) => document.querySelector(`[data-${name}]`);
const page = part("interview");
const api = `/api/v1/interviews/${page.dataset.interview}`;
const storage = `interview:${page.dataset.interview}`;

const transcript = new Transcript(part("log"), part("lines"), part("newest"), page.dataset.language);
const state = { status: "open", activity: "idle", question: null, minutes: null };
let modelState = "ready";
let connected = true;
let heard = Date.now();
// Counts the states heard in the stream: an answer that was asked for before the newest one is out of date.
let told = 0;
// Why the interviewer could not answer; it stands until it says something again.
let trouble = null;

const waiting = {
  onRetry: () => outbox.nudge(),
  onEdit: () => {
    composer.restore(outbox.takeBack());
    transcript.dropWaiting();
    refresh();
  },
};

const outbox = new Outbox({
  url: `${api}/replies`,
  key: `${storage}:outbox`,
  show: {
    sending: () => transcript.sending(),
    failed: (problem) => {
      transcript.failed(problem.message, !problem.passing);
      if (problem.status === 409) catchUp();
      refresh();
    },
    accepted: () => {
      transcript.accepted();
      refresh();
    },
  },
});

const composer = new Composer({
  form: part("composer"),
  box: part("text"),
  button: part("send"),
  under: part("under"),
  maxChars: Number(page.dataset.maxChars),
  draftKey: `${storage}:draft`,
  send: (text) => say(text),
});

const events = new Events(`${api}/events`, {
  delta: (data) => {
    heard = Date.now();
    trouble = null;
    transcript.delta(data);
    refresh();
  },
  message: (data) => {
    heard = Date.now();
    const fresh = transcript.message(data);
    if (data.speaker === "interviewer") {
      trouble = null;
      if (fresh) part("announce").textContent = t("chat.interviewer_said", { text: data.text });
    } else if (fresh) {
      // Its answer is on the way, though the state that says so comes a moment later.
      state.activity = "reading";
    }
    if (transcript.waiting === null) outbox.arrived();
    refresh();
  },
  state: (data) => {
    heard = Date.now();
    told += 1;
    adoptState(data);
    if (state.activity === "idle" && transcript.waiting?.root.classList.contains("failed")) outbox.nudge();
  },
  problem: (data) => {
    trouble = problemOf(data, data.status).message;
    refresh();
  },
  opened: () => {
    connected = true;
    catchUp();
    refresh();
  },
  lost: () => {
    connected = false;
    refresh();
  },
});

/** Sends a reply, or returns why that is not possible now. */
function say(text, intent) {
  if (!outbox.empty) return t("chat.waiting_delivery");
  if (isBusy()) return t("chat.busy");
  outbox.put(text, intent, transcript.lastSeq);
  transcript.showWaiting(outbox.item, waiting);
  outbox.deliver();
  refresh();
  return null;
}

function isBusy() {
  return state.activity !== "idle" || transcript.speaking || !transcript.begun;
}

function adoptState({ status, activity, question, minutes }) {
  // An interview that has ended stays so, whatever older news arrives late.
  if (state.status === "ended" && status !== "ended") return;
  Object.assign(state, { status, activity, question, minutes });
  refresh();
}

/** Everything the page shows about where the interview stands. */
function refresh() {
  const ended = state.status === "ended" && state.activity === "idle" && !transcript.speaking;
  const { question, minutes } = state;
  part("where").textContent = question?.number
    ? t("chat.progress", question)
    : transcript.begun ? "" : t("chat.before_first");
  part("minutes").textContent = minutes && transcript.begun ? t("chat.minutes_short", { used: Math.floor(minutes.used) }) : "";
  part("minutes").title = minutes
    ? t("chat.minutes", { used: Math.floor(minutes.used), of: Math.round(minutes.of) })
    : "";
  part("journey").value = ended ? 1 : question?.of ? Math.max(0, question.number - 1) / question.of : 0;
  const preparing = !ended && trouble === null && (isBusy() || Boolean(transcript.waiting?.item.accepted));
  const showModel = preparing && modelState !== "ready";
  part("model-status").hidden = !showModel;
  part("typing").hidden = showModel || transcript.speaking || !preparing;
  const doing = !transcript.begun ? "waiting" : state.activity === "writing" ? "writing" : "reading";
  part("activity").textContent = t(`chat.${doing}`);
  part("trouble").hidden = trouble === null || ended;
  part("trouble-text").textContent = trouble ?? "";
  part("paused").hidden = state.status !== "paused" || ended;
  composer.placeholder = state.status === "paused" ? t("chat.placeholder_paused") : null;
  part("done").hidden = !ended;
  part("desk").hidden = ended;
  for (const button of document.querySelectorAll("[data-intent]")) {
    button.disabled = ended || isBusy() || !outbox.empty || (button.dataset.intent === "pause" && state.status === "paused");
  }
  part("end").disabled = ended || !transcript.begun || !outbox.empty;
  part("send").disabled = isBusy() || !outbox.empty;
  const cut = !navigator.onLine ? "offline" : connected ? null : "reconnecting";
  part("connection").hidden = cut === null || ended;
  part("connection").textContent = cut ? t(`chat.${cut}`) : "";
  if (ended) events.stop();
  transcript.follow();
}

/** The server's whole view, laid over what is shown; nothing is shown twice. */
async function catchUp() {
  const before = told;
  try {
    const view = await getJSON(api);
    heard = Date.now();
    for (const line of view.transcript) transcript.message(line);
    if (transcript.waiting === null) outbox.arrived();
    if (told === before) adoptState(view);
    else refresh();
  } catch (problem) {
    if (!("passing" in problem)) throw problem;
    if (problem.passing) return;
    events.stop();
    composer.explain(problem.message);
    part("connection").hidden = false;
    part("connection").textContent = problem.message;
  }
}

/** Asks the interviewer to answer again after its turn failed. */
async function retry() {
  trouble = null;
  refresh();
  try {
    adoptState(await (await request(`${api}/retry`, { method: "POST" })).json());
  } catch (problem) {
    trouble = problem.message;
    refresh();
  }
}

/** Ends the interview: in the candidate's own turn by a reply, else over the interviewer's head. */
async function end(tries = 3) {
  if (!isBusy()) {
    say(t("chat.intent_end"), "end");
    return;
  }
  try {
    adoptState(await (await request(`${api}/end`, { method: "POST" })).json());
    await catchUp();
    // The interviewer may have finished its sentence first, which leaves the interview open.
    if (state.status !== "ended" && tries > 1) await end(tries - 1);
  } catch (problem) {
    composer.explain(problem.message);
  }
}

for (const button of document.querySelectorAll("[data-intent]")) {
  button.addEventListener("click", () => {
    const refusal = say(t(`chat.intent_${button.dataset.intent}`), button.dataset.intent);
    if (refusal) composer.explain(refusal);
    part("text").focus();
  });
}
part("retry").addEventListener("click", retry);
part("end").addEventListener("click", () => part("end-dialog").showModal());
part("end-dialog").addEventListener("close", (event) => event.target.returnValue === "yes" && end());
addEventListener("online", refresh);
addEventListener("offline", refresh);
// A phone's keyboard covers the page without resizing it; the page shrinks to what can be seen.
visualViewport?.addEventListener("resize", () => {
  document.documentElement.style.setProperty("--visible-height", `${visualViewport.height}px`);
  transcript.follow();
});
setInterval(() => {
  if (!document.hidden && state.status !== "ended" && isBusy() && Date.now() - heard > LOOK_AGAIN_MS) catchUp();
}, LOOK_AGAIN_MS / 4);

if (!outbox.empty) transcript.showWaiting(outbox.item, waiting);
refresh();
await catchUp();
outbox.nudge();
events.open();
if (matchMedia("(pointer: fine)").matches) part("text").focus();
watchModel(part("model-status"), (now) => {
  modelState = now;
  refresh();
});
