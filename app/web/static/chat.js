// The chat page: the transcript, the stream of events and the composer, wired together.

import { Clock, Lasting } from "./clock.js";
import { Composer } from "./composer.js";
import { copy } from "./copying.js";
import { offerDevices } from "./device.js";
import { Events } from "./events.js";
import { watchModel } from "./model.js";
import { getJSON, postJSON, problemOf } from "./net.js";
import { Outbox } from "./outbox.js";
import { Signals } from "./signals.js";
import { ReadingAloud, offerDictation } from "./speech.js";
import { part, showProgress } from "./progress.js";
import { Transcript } from "./transcript.js";
import { t } from "./words.js";

const LOOK_AGAIN_MS = 20_000;

const page = part("interview");
const { mode, language } = page.dataset;
const api = `/api/v1/interviews/${page.dataset.interview}`;
const storage = `interview:${page.dataset.interview}`;

const transcript = new Transcript(part("log"), part("lines"), part("newest"), language);
const clock = new Clock();
const taking = new Lasting(() => refresh());
const missing = new Lasting(() => refresh());
const aloud = new ReadingAloud(part("aloud"), language, () => refresh());
const signals = mode === "assessment" ? new Signals(part("text"), `${storage}:signals`) : null;
const state = { status: "open", activity: "idle", question: null };
let modelState = "ready";
let connected = true;
let heard = Date.now();
// Counts the states heard in the stream: an answer that was asked for before the newest one is out of date.
let told = 0;
// Whether the page has come to what is said now.
let settled = false;
// Why the interviewer could not answer; it stands until it says something again.
let trouble = null;
// Why this page may not go on: the interview was closed to it.
let closed = null;

const waiting = {
  retry: () => outbox.nudge(),
  edit: () => takeBack(),
  copy: (button) => copy(outbox.item.reply.text, button),
};

const outbox = new Outbox({
  url: `${api}/replies`,
  key: `${storage}:outbox`,
  show: {
    sending: () => transcript.sending(),
    failed: (problem, seconds) => {
      const shut = problem.status === 401;
      if (shut) close(problem);
      const again = seconds === null ? "" : t("chat.again_in", { n: Math.ceil(seconds) });
      const last = shut || problem.code === "interview-ended" ? ["copy"] : ["edit", "copy"];
      transcript.failed(shut ? "" : `${problem.message} ${again}`, problem.passing ? ["retry"] : last);
      if (problem.code === "overtaken") {
        takeBack();
        composer.explain(problem.message);
      }
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
    // A reply's answer is on the way, though the state that says so comes a moment later.
    if (hear(data) && data.speaker === "candidate") state.activity = "reading";
    refresh();
  },
  state: (data) => {
    heard = Date.now();
    told += 1;
    settled = true;
    adoptState(data);
    if (state.activity === "idle" && transcript.waiting?.root.classList.contains("failed")) outbox.nudge();
  },
  problem: (data) => {
    const problem = problemOf(data, data.status);
    if ([401, 404].includes(problem.status)) close(problem);
    else trouble = problem.message;
    refresh();
  },
  opened: () => {
    connected = true;
    if (transcript.waiting?.root.classList.contains("failed")) outbox.nudge();
    refresh();
  },
  lost: (refused) => {
    connected = false;
    if (refused) catchUp();
    refresh();
  },
});

/** Sends a reply, or returns why that is not possible now. */
function say(text, intent) {
  if (closed) return closed.message;
  if (!outbox.empty) return t("chat.waiting_delivery");
  if (isBusy()) return t("chat.busy");
  aloud.stop();
  const reply = { text, after: transcript.lastSeq, ...(intent && { intent }) };
  if (signals && !intent) reply.signals = signals.read();
  outbox.put(reply);
  transcript.showWaiting(outbox.item, waiting);
  outbox.deliver();
  refresh();
  return null;
}

/** A reply that did not arrive becomes a draft again, unless a button had said it. */
function takeBack() {
  const reply = outbox.takeBack();
  transcript.dropWaiting();
  if (!reply.intent) composer.restore(reply.text);
  refresh();
}

/** Nothing more can be said on this page; what was typed stays here to be copied. */
function close(problem) {
  closed = problem;
  events.stop();
  composer.close();
}

function isBusy() {
  return state.activity !== "idle" || transcript.speaking || !transcript.begun;
}

function adoptState({ status, activity, question, minutes }) {
  // An interview that has ended stays so, whatever older news arrives late.
  if (state.status === "ended" && status !== "ended") return;
  Object.assign(state, { status, activity, question });
  clock.adopt(minutes, status === "open");
  refresh();
}

/** Everything the page shows about where the interview stands. */
function refresh() {
  const ended = state.status === "ended" && state.activity === "idle" && !transcript.speaking;
  const busy = isBusy();
  const long = taking.since(busy);
  showProgress({
    ...state,
    clock,
    trouble,
    closed,
    ended,
    begun: transcript.begun,
    speaking: transcript.speaking,
    busy: busy || !outbox.empty,
    delivering: !outbox.empty,
    waits: busy || Boolean(transcript.waiting?.item.accepted),
    stoppable: (long && transcript.begun && trouble === null) || aloud.speaking,
    modelReady: modelState === "ready",
    cut: missing.since(!connected),
  });
  composer.placeholder = state.status === "paused" ? t("chat.placeholder_paused") : null;
  if (ended) events.stop();
  transcript.follow();
}

/** A line of the transcript; whether it is new. What was said before the page was opened is not told again. */
function hear(line) {
  heard = Date.now();
  const fresh = transcript.message(line);
  if (line.speaker === "interviewer") {
    trouble = null;
    if (fresh && settled) {
      part("announce").textContent = t("chat.interviewer_said", { text: line.text });
      aloud.say(line.text);
      signals?.begin();
    }
  }
  if (transcript.waiting === null) outbox.arrived();
  return fresh;
}

/** The server's whole view, laid over what is shown; nothing is shown twice. */
async function catchUp() {
  const before = told;
  try {
    const view = await getJSON(api);
    for (const line of view.transcript) hear(line);
    settled = true;
    if (told === before) adoptState(view);
    else refresh();
  } catch (problem) {
    if (!("passing" in problem)) throw problem;
    if (!problem.passing) close(problem);
    refresh();
  }
}

/** Asks the API to do something about the interviewer's turn; its new state. */
async function ask(what) {
  try {
    adoptState(await postJSON(`${api}/${what}`));
    return true;
  } catch (problem) {
    if (problem.status === 401) close(problem);
    composer.explain(problem.message);
    refresh();
    return false;
  }
}

/** Asks the interviewer to answer again after its turn failed. */
async function retry() {
  const before = trouble;
  trouble = null;
  if (!(await ask("retry"))) trouble = before;
  refresh();
}

/** Does not wait for the interviewer's words, nor for the end of hearing them. */
async function stop() {
  const speaking = aloud.speaking;
  aloud.stop();
  if (isBusy() && !speaking && (await ask("stop"))) await catchUp();
  part("text").focus();
}

/** Ends the interview: in the candidate's own turn by a reply, else over the interviewer's head. */
async function end(tries = 3) {
  if (!isBusy()) {
    say(t("chat.intent_end"), "end");
    return;
  }
  if (!(await ask("end"))) return;
  await catchUp();
  // The interviewer may have finished its sentence first, which leaves the interview open.
  if (state.status !== "ended" && tries > 1) await end(tries - 1);
}

for (const button of document.querySelectorAll("[data-intent]")) {
  button.addEventListener("click", () => {
    const refusal = say(t(`chat.intent_${button.dataset.intent}`), button.dataset.intent);
    if (refusal) composer.explain(refusal);
    part("text").focus();
  });
}
part("retry").addEventListener("click", retry);
part("stop").addEventListener("click", stop);
part("copy").addEventListener("click", (event) =>
  copy([outbox.item?.reply.text, part("text").value].filter(Boolean).join("\n\n"), event.currentTarget));
part("end").addEventListener("click", () => part("end-dialog").showModal());
part("end-dialog").addEventListener("close", (event) => event.target.returnValue === "yes" && end());
offerDevices(part("device"), part("device-dialog"), `${api}/device-links`);
offerDictation(part("dictate"), language, {
  heard: (text) => {
    composer.insert(text);
    signals?.dictated(text);
  },
  changed: (on) => composer.explain(on ? t("chat.dictate_note") : ""),
});
for (const name of ["online", "offline"]) addEventListener(name, refresh);
setInterval(() => {
  refresh();
  if (!document.hidden && state.status !== "ended" && isBusy() && Date.now() - heard > LOOK_AGAIN_MS) catchUp();
}, LOOK_AGAIN_MS / 4);

// The start page's mark, which says that a cookie was set a moment ago, has served.
if (location.search) history.replaceState(null, "", location.pathname);
if (!outbox.empty) transcript.showWaiting(outbox.item, waiting);
refresh();
await catchUp();
outbox.nudge();
if (!closed) events.open();
if (matchMedia("(pointer: fine)").matches) part("text").focus();
watchModel(part("model-status"), (now) => {
  modelState = now;
  refresh();
});
