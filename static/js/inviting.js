// Around invitations: telling that somebody looked at one, watching a long list, and printing cards.
import { csrfToken, send } from "./http.js";

const LOOK_AGAIN_MS = 700;

const invitation = document.querySelector("[data-opened]");
if (invitation) {
  const signs = ["pointermove", "pointerdown", "keydown", "touchstart", "wheel"];
  // A mail scanner loads pages and runs scripts; it does not move a hand. What a script makes up is not trusted.
  const calledOff = new AbortController();
  const stop = () => signs.forEach((sign) => removeEventListener(sign, tell));
  const tell = (event) => {
    if (!event.isTrusted) return;
    stop();
    const body = new FormData();
    body.set("csrf_token", csrfToken());
    send(invitation.dataset.opened, body, calledOff.signal);
  };
  signs.forEach((sign) => addEventListener(sign, tell, { passive: true }));
  // A button answers, which says more, and may use the link up before the first move of the hand has been told.
  addEventListener("submit", () => { stop(); calledOff.abort(); });
}

async function look(watched) {
  try {
    const answer = await fetch(watched.dataset.watched, {
      headers: { Accept: "application/json" }, credentials: "same-origin" });
    const found = await answer.json();
    if (!found.ok || found.state !== "queued") return location.reload();
    watched.querySelector("progress").value = found.done;
    watched.querySelector("[data-done]").textContent = found.done;
  } catch {
    // The next look may find the server again.
  }
  setTimeout(look, LOOK_AGAIN_MS, watched);
}

const watched = document.querySelector("[data-watched]");
if (watched) setTimeout(look, LOOK_AGAIN_MS, watched);

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
