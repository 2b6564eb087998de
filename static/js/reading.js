// Telling the server how far one has read, once it has been on the screen for a moment.
import { csrfToken, send } from "./http.js";

const SEEN_MS = 2500;
const discussion = document.getElementById("discussion");
const form = document.querySelector("form[data-reading]");
let sent = 0;

function newest() {
  const ids = [...discussion.querySelectorAll(".response")].map((one) => Number(one.id.replace("response-", "")));
  return Math.max(0, ...ids);
}

async function mark() {
  const id = newest();
  if (document.visibilityState !== "visible" || id <= sent) return;
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  body.set("response_id", String(id));
  const answer = await send(`${location.pathname}/read`, body);
  if (answer.ok) sent = id;
}

let timer;
function soon() {
  clearTimeout(timer);
  timer = setTimeout(mark, SEEN_MS);
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
