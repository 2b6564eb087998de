// Voting: a ballot says "saving", "saved 14:03" or why not, and a vote cast without a connection is kept.
import { ask } from "./dialogs.js";
import { fetchPiece, newKey, send } from "./http.js";
import { tell } from "./live.js";
import { forget, keep, kept } from "./storage.js";
import { clock } from "./times.js";

const RETRY_MS = 3000;
const SPREAD_MS = 400;
const PAUSE_MS = 350;
const HIDDEN = ["csrf_token", "key", "round"];

const name = (form) => `sigforum.vote ${form.dataset.vote} ${form.dataset.round}`;

function show(form, state, words) {
  const line = form.querySelector(".save-state");
  line.dataset.state = state;
  line.textContent = words;
}

function fields(form) {
  const all = [...new FormData(form)].filter(([key]) => !HIDDEN.includes(key));
  return Object.fromEntries(all);
}

// One vote at a time: a newer choice waits for the answer to the older one and then replaces it.
async function cast(form) {
  keep(name(form), { key: newKey(), form: fields(form) });
  if (form.isCasting) return;
  form.isCasting = true;
  for (let vote = kept(name(form)); vote; vote = kept(name(form))) {
    show(form, "saving", "Saving…");
    const answer = await deliver(form, vote);
    const isNewest = kept(name(form))?.key === vote.key;
    if (answer.isLost) {
      show(form, "failed", `${answer.error} Kept on this device; it is sent when the connection is back.`);
      setTimeout(() => form.isConnected && resume(form), RETRY_MS);
      break;
    }
    if (isNewest) {
      forget(name(form));
      settle(form, answer);
      break;
    }
  }
  form.isCasting = false;
}

async function deliver(form, vote) {
  const answer = await tell("cast", { poll: Number(form.dataset.vote), round: Number(form.dataset.round), ...vote });
  if (!answer.isLost) return answer;
  // Where sockets are blocked the same vote goes as a form, with the same key: it counts once.
  const body = new FormData(form);
  for (const key of [...body.keys()]) if (!HIDDEN.includes(key)) body.delete(key);
  for (const [key, value] of Object.entries(vote.form)) body.set(key, value);
  body.set("key", vote.key);
  return send(form.action, body);
}

function settle(form, answer) {
  for (const line of form.querySelectorAll("[data-error]")) line.remove();
  if (answer.ok) {
    show(form, "saved", `Saved ${clock(new Date(answer.saved_at))}`);
    receipt(form, answer.code);
    return;
  }
  show(form, "failed", `Not saved: ${answer.error}`);
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
  if (form.dataset.secrecy !== "secret") {
    form.querySelector(".ballot-foot button").textContent = "Change my vote";
    return;
  }
  for (const field of form.elements) field.disabled = true;
  form.querySelector(".ballot-foot button").hidden = true;
  line.append(" Write it down: it is shown only now, and kept nowhere with your name.");
  form.classList.add("is-cast");
}

function resume(form) {
  const vote = kept(name(form));
  if (!vote || form.isCasting) return;
  form.isCasting = true;
  deliver(form, vote).then((answer) => {
    form.isCasting = false;
    if (answer.isLost) {
      show(form, "failed", "Not saved yet: there is no connection. Kept on this device.");
      setTimeout(() => form.isConnected && resume(form), RETRY_MS);
    } else if (kept(name(form))?.key === vote.key) {
      forget(name(form));
      settle(form, answer);
    } else resume(form);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-vote]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.secrecy === "secret" && !form.isConfirmed) {
    ask("A secret ballot cannot be changed once it is cast.", "Cast my vote").then((isSure) => {
      form.isConfirmed = isSure;
      if (isSure) cast(form);
    });
    return;
  }
  cast(form);
});

// A response that was taken back and put back comes as a new row, which knows nothing of one's own points.
function ownPoints(form) {
  const region = form.querySelector("[data-laid]");
  const laid = JSON.parse(region.dataset.laid);
  for (const input of form.querySelectorAll("[data-stepper] input")) {
    const stepper = input.closest("[data-stepper]");
    const key = stepper.id.replace("stepper-", "");
    if (!stepper.dataset.isKnown && laid[key]) input.value = String(laid[key]);
    stepper.dataset.isKnown = "1";
    laid[key] = Number(input.value) || 0;
  }
  region.dataset.laid = JSON.stringify(laid);
}

// Steppers: plain number fields where scripts are missing, two buttons where they are not.
function budget(form) {
  ownPoints(form);
  const region = form.querySelector("[data-budget]");
  const total = Number(region.dataset.budget);
  const inputs = [...form.querySelectorAll("[data-stepper] input")];
  const left = total - inputs.reduce((sum, input) => sum + (Number(input.value) || 0), 0);
  for (const [index, pip] of [...region.querySelectorAll(".pip")].entries()) pip.classList.toggle("is-left", index < left);
  region.querySelector(".budget > span:last-child").textContent = `${left} of ${total} left`;
  for (const input of inputs) {
    const [less, more] = input.closest("[data-stepper]").querySelectorAll("button");
    less.disabled = Number(input.value) <= 0;
    more.disabled = left <= 0 || Number(input.value) >= Number(input.max);
    input.closest("[data-stepper]").classList.toggle("is-used", Number(input.value) > 0);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-stepper] button");
  if (!button) return;
  const input = button.closest("[data-stepper]").querySelector("input");
  input.value = String(Number(input.value || 0) + Number(button.dataset.step));
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-stepper]")?.closest("form[data-vote]");
  if (!form) return;
  budget(form);
  show(form, "saving", "Saving…");
  clearTimeout(form.pauseTimer);
  form.pauseTimer = setTimeout(() => cast(form), PAUSE_MS);
});

async function prepare() {
  for (const slot of document.querySelectorAll("[data-ballot]")) {
    if (slot.querySelector("[data-ballot-piece]") || slot.dataset.isAsked) continue;
    slot.dataset.isAsked = "1";
    // A whole room would ask at the same moment.
    setTimeout(async () => {
      const piece = await fetchPiece(slot.dataset.ballot, "[data-ballot-piece]");
      if (piece && slot.isConnected) {
        slot.replaceChildren(piece);
        document.dispatchEvent(new CustomEvent("sigforum:patched"));
      }
    }, Math.random() * SPREAD_MS);
  }
  for (const form of document.querySelectorAll("form[data-vote]")) {
    for (const button of form.querySelectorAll("[data-stepper] button[hidden]")) button.hidden = false;
    if (form.querySelector("[data-stepper]")) {
      form.classList.add("has-steppers");
      budget(form);
    }
    if (!form.dataset.isReady) {
      form.dataset.isReady = "1";
      resume(form);
    }
  }
}

prepare();
document.addEventListener("sigforum:patched", prepare);
document.addEventListener("sigforum:joined", () => {
  for (const form of document.querySelectorAll("form[data-vote]")) resume(form);
});
