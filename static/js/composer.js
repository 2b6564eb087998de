// Writing responses: drafts that survive a reload, posting without one, and posts that wait for the network.
import { showErrors } from "./dialogs.js";
import { fetchPiece, newKey, send } from "./http.js";
import { applyFragments } from "./patch.js";
import { forget, keep, kept } from "./storage.js";
import { clock } from "./times.js";
import { toast } from "./toasts.js";

const RETRY_MS = 4000;
const LONGEST = 10000;

const name = (form) => `sigforum.draft ${location.pathname} ${form.dataset.composer}`;
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
  // A post whose answer was lost keeps its key: the server then knows that it is the same one.
  form.elements.key.value = draft.key;
  note(form, draft.isSent ? "Not sent yet; it goes out when the connection is back." : "Your draft is back.");
  form.closest("details")?.setAttribute("open", "");
  count(form);
  if (draft.isSent) post(form);
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
  const isKept = keep(name(form), { text, key: form.elements.key.value, isSent });
  if (!isSent) note(form, isKept ? `Draft saved ${clock(new Date())} on this device` : "This browser keeps no drafts");
}

async function post(form) {
  if (form.dataset.isPosting) return;
  form.dataset.isPosting = "1";
  const button = form.querySelector("button");
  button.disabled = true;
  saveDraft(form, true);
  note(form, "Posting…");
  const answer = await send(form.action, new FormData(form));
  delete form.dataset.isPosting;
  button.disabled = false;
  if (answer.ok) return done(form, answer);
  if (answer.isLost) {
    note(form, `${answer.error} Your words are kept and go out when the connection is back.`);
    // By then it may have gone out, and other words may stand in the form.
    setTimeout(() => form.isConnected && kept(name(form))?.isSent && post(form), RETRY_MS);
    return undefined;
  }
  saveDraft(form);
  note(form, "Not posted.");
  return showErrors(form, answer.errors ?? {}, answer.error);
}

function done(form, answer) {
  forget(name(form));
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
  const response = link.closest(".response");
  const open = response.querySelector(":scope > [data-own] textarea");
  if (open) {
    open.focus();
    return;
  }
  const form = await fetchPiece(link.href, "form[data-composer]");
  if (!form) {
    location.assign(link.href);
    return;
  }
  const own = document.createElement("div");
  own.dataset.own = "1";
  own.append(form);
  response.append(own);
  restore(form);
  form.elements.text.focus();
});

window.addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-composer]")) if (kept(name(form))?.isSent) post(form);
});
window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-composer]")) {
    if (form.elements.text.value && !form.dataset.isPosting) saveDraft(form);
  }
});
for (const form of document.querySelectorAll("form[data-composer]")) restore(form);
