// Says that somebody writes here, and how many others do: never who.
import { onJoined, tell } from "./live.js";

const AGAIN_MS = 4000;
const told = new Map();

function questionOf(target) {
  const form = target instanceof Element ? target.closest("form[data-composer]") : null;
  return form?.querySelector("textarea")?.value.trim() ? Number(form.dataset.composer) : 0;
}

function write(question) {
  if (!question || Date.now() - (told.get(question) ?? 0) < AGAIN_MS) return;
  told.set(question, Date.now());
  tell("typing", { forum: Number(document.body.dataset.forum), question });
}

function stop(question) {
  if (!told.delete(question)) return;
  tell("typing", { forum: Number(document.body.dataset.forum), question, over: true });
}

// The room's count holds this reader too while they write; they are taken off where it is shown.
function show() {
  for (const line of document.querySelectorAll("[data-typing]")) {
    const question = Number(line.id.split("-").at(-1));
    const isOwn = Date.now() - (told.get(question) ?? 0) < 2 * AGAIN_MS;
    const others = Math.max(0, Number(line.dataset.typing) - (isOwn ? 1 : 0));
    const text = others === 0 ? "" : others === 1 ? "1 person is writing" : `${others} people are writing`;
    if (line.textContent !== text) line.textContent = text;
  }
}

if (document.body.dataset.forum) {
  document.addEventListener("input", (event) => write(questionOf(event.target)));
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-composer]");
    if (form) stop(Number(form.dataset.composer));
  });
  document.addEventListener("sigforum:patched", show);
  onJoined(() => told.clear());
}
