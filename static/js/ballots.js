// Voting: a ballot says "saving", "saved 14:03" or why not; what was chosen without a connection is kept.
import { ask } from "./dialogs.js";
import { fields, fill, inWords, isNews } from "./filling.js";
import { fetchPiece, newKey } from "./http.js";
import { codeOn, deliver, deliverAll, formFor, formOf, nameOf, put, savedOn, votes } from "./outbox.js";
import { tellOutcomes } from "./outcomes.js";
import { budget } from "./points.js";
import { forget, keep, kept, own } from "./storage.js";
import { clock } from "./times.js";
import { toast } from "./toasts.js";

const SPREAD_MS = 400;
const PAUSE_MS = 350;
const SLOW_MS = 2500;
// So long the socket is given to come up before a kept vote goes out as a form.
const SOCKET_MS = 1500;
const LOOK_MS = 15000;
const KEPT = "Your vote is kept on this device and goes out when the connection is back.";

const windows = new BroadcastChannel("sigforum.votes");
const forms = () => document.querySelectorAll("form[data-vote]");
// What was chosen belongs to these terms: where an opening is taken back and the draft changed, the next round has its
// number and asks something else.
const asked = ({ dataset }) => ({ poll: Number(dataset.vote), round: Number(dataset.round), terms: dataset.terms });
const nameFor = (form) => nameOf(asked(form));
const draftOf = (form) => own(`ballot ${form.dataset.vote} ${form.dataset.round} ${form.dataset.terms}`);
const isSecret = (form) => form.dataset.secrecy === "secret";
const time = (iso) => clock(new Date(iso));

function show(form, state, words) {
  const line = form.querySelector(".save-state");
  line.dataset.state = state;
  if (line.textContent !== words) line.textContent = words;
}

// What lies in the box as far as this page has heard.
function know(form, at, values) {
  form.dataset.saved = at;
  form.known = { at, values };
}

// A secret ballot that may be on its way cannot be another one any more. Its button is closed in words only: switched
// off, it would lose the focus.
function lock(form, isLocked) {
  form.isLocked = isLocked;
  for (const field of form.elements) {
    if (field.type === "submit") field.setAttribute("aria-disabled", String(isLocked));
    else field.disabled = isLocked;
  }
}

function write(form) {
  form.isPausing = form.isDirty = false;
  forget(draftOf(form));
  put(nameFor(form), {
    ...asked(form), key: newKey(), form: fields(form),
    words: inWords(form), action: form.getAttribute("action"), base: form.known, isSecret: isSecret(form),
    at: new Date().toISOString(),
  });
}

function cast(form) {
  write(form);
  if (isSecret(form)) lock(form, true);
  show(form, "saving", "Saving…");
  follow(form, deliver(nameFor(form)), navigator.onLine ? SLOW_MS : 0);
}

// Says how a delivery goes; its outcome is told by the outbox.
async function follow(form, delivery, slowMs = SLOW_MS) {
  const slow = setTimeout(() => show(form, "waiting", `Not saved yet. ${KEPT}`), slowMs);
  const answer = await delivery;
  clearTimeout(slow);
  if (answer?.isWaiting) show(form, "waiting", `Not saved yet: ${answer.error} ${KEPT}`);
}

function settle(form, vote, answer) {
  for (const line of form.querySelectorAll("[data-error]")) line.remove();
  if (answer.ok) {
    saved(form, answer, vote.form, `Saved ${time(answer.saved_at)}`);
    windows.postMessage({ person: document.body.dataset.person, vote, answer });
  } else if (answer.isOvertaken) {
    changedElsewhere(form, answer.there, answer, "on another device");
  } else {
    refused(form, vote, answer);
  }
}

function saved(form, answer, values, words) {
  know(form, answer.saved_at, values);
  show(form, "saved", words);
  receipt(form, answer.code);
}

function refused(form, vote, answer) {
  show(form, "failed", `Not saved: ${answer.error}`);
  if (answer.status !== 422) return;
  // What is wrong can be put right here; until then the choices are a ballot in the making.
  lock(form, false);
  forget(nameFor(form));
  keep(draftOf(form), { form: vote.form, base: savedOn(form) });
  for (const [key, words] of Object.entries(answer.errors ?? {})) {
    const place = form.querySelector(`[data-option="${CSS.escape(key)}"]`);
    if (!place) continue;
    const line = document.createElement("p");
    line.className = "field-error";
    line.dataset.error = "";
    line.textContent = words;
    place.append(line);
  }
  form.querySelector("[data-error]")?.scrollIntoView({ block: "nearest" });
}

// The code under which the ballot will stand in the published tally sheet. A secret one cannot be changed or asked
// for again, so the page says so and keeps the code in sight.
function receipt(form, code) {
  const line = form.querySelector("[data-receipt]");
  line.hidden = false;
  line.querySelector("code").textContent = code;
  const button = form.querySelector(".ballot-foot button");
  if (!isSecret(form)) {
    button.textContent = "Change my vote";
    return;
  }
  lock(form, true);
  // Whoever works by keys stays here when the button goes.
  line.tabIndex = -1;
  if (form.contains(document.activeElement)) line.focus();
  button.hidden = true;
  if (!form.classList.contains("is-cast")) line.append(" Write it down: it is shown only now, and kept nowhere with your name.");
  form.classList.add("is-cast");
}

// The newest vote counts, wherever it was cast; choices that were begun here stay under the hands that make them.
function changedElsewhere(form, there, answer, where) {
  const words = `Changed ${where} ${time(answer.saved_at)}`;
  know(form, answer.saved_at, there);
  if (form.isDirty || form.isPausing) {
    show(form, "waiting", `${words}. What you choose here replaces it once you cast it.`);
    return;
  }
  fill(form, there);
  saved(form, answer, there, words);
  budget(form);
}

document.addEventListener("sigforum:vote", (event) => {
  const { name, vote, answer } = event.detail;
  const form = formOf(vote);
  if (form) settle(form, vote, answer);
  else {
    keep(name, { ...vote, outcome: answer });
    toast(answer.ok ? "Your vote is saved." : answer.error, { isError: !answer.ok });
  }
  tellOutcomes();
});
document.addEventListener("sigforum:vote-waits", (event) => {
  const form = formOf(event.detail.vote);
  if (form) follow(form, event.detail.answer);
});
windows.addEventListener("message", ({ data: { person, vote, answer } }) => {
  const form = formOf(vote);
  if (person !== document.body.dataset.person || !form) return;
  // The message may be faster than the news that the other window has taken the vote out of what is kept.
  const waiting = kept(nameFor(form));
  if (!waiting || waiting.outcome || waiting.key === vote.key) changedElsewhere(form, vote.form, answer, "in another window");
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-vote]");
  if (!form) return;
  event.preventDefault();
  if (form.isLocked) return;
  if (isSecret(form) && !(await ask("A secret ballot cannot be changed once it is cast.", "Cast my vote"))) return;
  cast(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-vote]");
  if (!form) return;
  if (!event.target.closest("[data-stepper]")) {
    form.isDirty = true;
    keep(draftOf(form), { form: fields(form), base: savedOn(form) });
    return;
  }
  budget(form);
  show(form, "saving", "Saving…");
  form.isPausing = true;
  clearTimeout(form.pauseTimer);
  form.pauseTimer = setTimeout(() => cast(form), PAUSE_MS);
});
window.addEventListener("pagehide", () => {
  for (const form of forms()) if (form.isPausing) write(form);
});

// What was cast and not yet saved, or chosen and not yet cast, comes back with the page.
function restore(form) {
  know(form, savedOn(form), fields(form));
  const vote = kept(nameFor(form));
  if (vote && !vote.outcome) {
    fill(form, vote.form);
    if (vote.isSecret) lock(form, true);
    show(form, "waiting", `Not saved yet. ${KEPT}`);
    return;
  }
  const draft = kept(draftOf(form));
  if (!draft) return;
  if (draft.base !== savedOn(form)) {
    forget(draftOf(form));
    return;
  }
  fill(form, draft.form);
  form.isDirty = true;
  show(form, "waiting", "Your choices are back. They count once you cast them.");
}

// Back at this window: another device may have been used meanwhile.
let lookedAt = Date.now();
async function look() {
  if (document.visibilityState !== "visible" || Date.now() - lookedAt < LOOK_MS) return;
  lookedAt = Date.now();
  for (const form of forms()) {
    const piece = await fetchPiece(form.getAttribute("action").replace(/votes$/, "ballot"), "[data-ballot-piece]");
    const fresh = piece?.querySelector(formFor(asked(form)));
    if (!form.isConnected || kept(nameFor(form))) continue;
    if (isSecret(form)) {
      if (piece?.querySelector("[data-vote-cast]") && !form.classList.contains("is-cast")) form.replaceWith(...piece.children);
    } else if (fresh && isNews(form.known, savedOn(fresh), fields(fresh))) {
      changedElsewhere(form, fields(fresh), { saved_at: savedOn(fresh), code: codeOn(fresh) }, "on another device");
    }
  }
}
document.addEventListener("visibilitychange", look);
window.addEventListener("focus", look);

function fetchBallot(slot) {
  slot.dataset.isAsked = "1";
  // A whole room would ask at the same moment.
  setTimeout(async () => {
    const piece = await fetchPiece(slot.dataset.ballot, "[data-ballot-piece]");
    // Nobody answered: the next change of the page, or the connection's return, asks again.
    if (!piece) delete slot.dataset.isAsked;
    else if (slot.isConnected) {
      slot.replaceChildren(piece);
      document.dispatchEvent(new CustomEvent("sigforum:patched"));
    }
  }, Math.random() * SPREAD_MS);
}

function prepare() {
  for (const slot of document.querySelectorAll("[data-ballot]")) {
    if (!slot.querySelector("[data-ballot-piece]") && !slot.dataset.isAsked) fetchBallot(slot);
  }
  for (const form of forms()) {
    if (!form.dataset.isReady) {
      form.dataset.isReady = "1";
      restore(form);
    }
    budget(form);
  }
  tellOutcomes();
}

for (const [name, vote] of votes()) if (!vote.outcome) keep(name, { ...vote, isDelayed: true });
prepare();
setTimeout(deliverAll, SOCKET_MS);
document.addEventListener("sigforum:patched", prepare);
document.addEventListener("sigforum:joined", prepare);
