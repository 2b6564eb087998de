// Writing responses: drafts that survive a reload, posting without one, and posts that wait for the network.
import { refuse } from "./dialogs.js";
import { fetchPiece, goInstead, newKey, send } from "./http.js";
import { onJoined } from "./live.js";
import { applyFragments } from "./patch.js";
import { forget, keep, kept, keptNames, own } from "./storage.js";
import { clock } from "./times.js";
import { toast } from "./toasts.js";

const SOONEST_MS = 2000;
const SLOWEST_MS = 15000;
const LONGEST = 10000;

const beginning = own(`draft ${location.pathname} `);
const name = (form) => beginning + form.dataset.composer;
const forms = () => document.querySelectorAll("form[data-composer]");
const note = (form, words) => {
  form.querySelector("[data-note]").textContent = words;
};

function restore(form) {
  if (form.dataset.isReady) return;
  form.dataset.isReady = "1";
  const draft = kept(name(form));
  const area = form.elements.text;
  if (!draft || area.value) return;
  area.value = draft.text;
  // It was written under the rule that stood beside it then; the server asks where another is in force.
  form.elements.shown.value = draft.shown ?? "";
  // A post whose answer was lost keeps its key: the server then knows that it is the same one. A mere draft may be
  // open in another window too, and both may be posted.
  if (draft.isTried) setKey(form, draft.key);
  note(form, draft.isSent ? "Not sent yet; it goes out when the connection is back." : "Your draft is back.");
  form.closest("details")?.setAttribute("open", "");
  count(form);
  if (draft.isSent) post(form);
}

function setKey(form, key) {
  form.elements.key.value = key;
  form.dataset.tried = key;
}

function count(form) {
  const counter = form.querySelector("[data-counter]");
  const length = form.elements.text.value.length;
  counter.hidden = length < LONGEST * 0.8;
  counter.textContent = `${length} / ${LONGEST}`;
  counter.classList.toggle("is-over", length > LONGEST);
}

function saveDraft(form, isSent = false) {
  const text = form.elements.text.value;
  if (!text.trim()) {
    forget(name(form));
    return;
  }
  const key = form.elements.key.value;
  const shown = form.elements.shown.value;
  const isKept = keep(name(form), { text, key, shown, isSent, isTried: form.dataset.tried === key });
  if (!isSent) note(form, isKept ? `Draft saved ${clock(new Date())} on this device` : "This browser keeps no drafts");
}

async function post(form) {
  if (form.dataset.isPosting) return;
  form.dataset.isPosting = "1";
  const button = form.querySelector("button");
  button.disabled = true;
  setKey(form, form.elements.key.value);
  saveDraft(form, true);
  note(form, "Posting…");
  const answer = await send(form.action, new FormData(form));
  delete form.dataset.isPosting;
  button.disabled = false;
  if (answer.ok) return done(form, answer);
  if (answer.isLost) {
    note(form, `${answer.error} Your words are kept and go out when the connection is back.`);
    again(form);
    return undefined;
  }
  refuse(form, answer);
  saveDraft(form);
  note(form, "Not posted.");
  return undefined;
}

// Less and less often, by each in the room at another moment. By then it may have gone out, or have been taken back
// to be changed: the same key then changes the words instead of posting them twice.
function again(form) {
  form.pause = Math.min((form.pause ?? SOONEST_MS) * 1.6, SLOWEST_MS);
  clearTimeout(form.retryTimer);
  form.retryTimer = setTimeout(() => form.isConnected && isWaiting(form) && post(form), form.pause * (0.5 + Math.random()));
}

function isWaiting(form) {
  return Boolean(kept(name(form))?.isSent && form.elements.text.value.trim());
}

function done(form, answer) {
  forget(name(form));
  form.pause = SOONEST_MS;
  delete form.dataset.tried;
  for (const line of form.querySelectorAll("[data-error]")) line.remove();
  form.elements.text.value = "";
  form.elements.text.removeAttribute("aria-invalid");
  form.elements.key.value = newKey();
  note(form, "");
  applyFragments(answer.fragments);
  const posted = document.getElementById(answer.fragments[0].id);
  form.closest("[data-own]")?.remove();
  posted?.scrollIntoView({ block: "nearest" });
  toast(answer.message);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (!form) return;
  count(form);
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => saveDraft(form), 250);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (!form) return;
  event.preventDefault();
  clearTimeout(form.draftTimer);
  post(form);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-reply]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const form = await openReply(link);
  if (form) form.elements.text.focus();
  else goInstead(link.href, form);
});

// The form of a reply, below what it answers.
async function openReply(link) {
  const response = link.closest(".response");
  const opened = () => response.querySelector(":scope > [data-own] form");
  if (opened()) return opened();
  const form = await fetchPiece(link.href, "form[data-composer]");
  if (!form || opened()) return opened() ?? form;
  const place = document.createElement("div");
  place.dataset.own = "1";
  place.append(form);
  response.append(place);
  restore(form);
  return form;
}

// A reply's form is not part of the page: one that was begun, or still has to go out, is opened again.
function reopen() {
  for (const draft of keptNames(`${beginning}reply-`)) {
    const number = draft.split("-").at(-1);
    const link = document.querySelector(`#response-${number} > .response-actions a[data-reply]`);
    if (link) openReply(link);
  }
}

function postWaiting() {
  for (const form of forms()) if (isWaiting(form)) post(form);
  reopen();
}

window.addEventListener("online", postWaiting);
onJoined(postWaiting);
window.addEventListener("pagehide", () => {
  for (const form of forms()) {
    if (form.elements.text.value && !form.dataset.isPosting && !isWaiting(form)) saveDraft(form);
  }
});
for (const form of forms()) restore(form);
reopen();
