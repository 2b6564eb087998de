// Telling the server how far one has read, and that one has seen how the polls stand: no mail repeats it then.
import { csrfToken, send } from "./http.js";
import { keep, kept, own } from "./storage.js";

const SEEN_MS = 2500;
// A poll opens for a whole room at once, while votes come in; what is only for later mail is told in no hurry.
const POLLS_SEEN_MS = 45000;
const discussion = document.getElementById("discussion");
const form = document.querySelector("form[data-reading]");
const seenName = own(`seen.${location.pathname}`);
let sent = 0;

function newest() {
  const ids = [...discussion.querySelectorAll(".response")].map((one) => Number(one.id.replace("response-", "")));
  return Math.max(0, ...ids);
}

// Which polls stand here, and how far each has come.
function polls() {
  return [...document.querySelectorAll("article.poll")].map((one) => `${one.id} ${one.className}`).join();
}

const hasNewPolls = () => polls() !== (kept(seenName) ?? "");

async function mark() {
  const id = newest();
  const there = polls();
  if (document.visibilityState !== "visible" || (id <= sent && !hasNewPolls())) return;
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  body.set("response_id", String(id));
  const answer = await send(`${location.pathname}/read`, body);
  if (!answer.ok) return;
  sent = id;
  keep(seenName, there);
}

let timer;
let pollsTimer;
function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => newest() > sent && mark(), SEEN_MS);
  if (pollsTimer || !hasNewPolls()) return;
  pollsTimer = setTimeout(async () => {
    await mark();
    pollsTimer = undefined;
  }, SEEN_MS + Math.random() * POLLS_SEEN_MS);
}

if (discussion) {
  if (!form) sent = newest();
  soon();
  document.addEventListener("visibilitychange", soon);
  document.addEventListener("sigforum:patched", soon);
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await mark();
    for (const one of discussion.querySelectorAll("[data-unread]")) one.removeAttribute("data-unread");
    form.remove();
  });
}
