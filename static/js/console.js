// The facilitator's console: one key a move, for whoever leads, and a mark at the poll that is on the desk.
import { keep, kept } from "./storage.js";
import { toast } from "./toasts.js";

const KEYS = "sigforum.console-keys";
const TWICE_MS = 3000;
const console_ = document.querySelector("[data-console]");
const legend = console_?.querySelector("[data-keys]");
const keySwitch = legend?.querySelector("[data-keys-switch]");
let armed = { address: "", until: 0 };

const stage = () => console_.querySelector("[data-lead]");
const isLeading = () => ["", document.body.dataset.person].includes(stage().dataset.lead);
const isWriting = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");

function mark() {
  const focus = console_.querySelector("[data-focus]").dataset.focus;
  for (const link of console_.querySelectorAll("[data-poll]")) {
    if (link.dataset.poll === focus) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  // What hangs there already need not be hung again.
  const hang = console_.querySelector('[data-key="p"]');
  if (hang) hang.hidden = stage().dataset.wall === focus;
  const isMine = stage().dataset.lead === document.body.dataset.person;
  stage().querySelector("[data-take]").hidden = isMine;
  console_.classList.toggle("has-keys", keySwitch.checked);
}

function next() {
  const links = [...console_.querySelectorAll("[data-poll]")];
  const place = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(place + 1) % links.length]?.click();
}

// What cannot be taken back wants its key twice; a press of the button itself is deliberate enough.
function isMeant(button, key) {
  if (button.dataset.twice === undefined) return true;
  if (armed.address === button.formAction && Date.now() < armed.until) {
    armed.until = 0;
    return true;
  }
  armed = { address: button.formAction, until: Date.now() + TWICE_MS };
  button.classList.add("is-armed");
  setTimeout(() => button.classList.remove("is-armed"), TWICE_MS);
  toast(`Press ${key.toUpperCase()} again: ${button.querySelector("span").textContent}.`);
  return false;
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keySwitch.checked) return;
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const button = /^[a-z]$/.test(key) && console_.querySelector(`[data-key="${key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  if (!isLeading() && !["l", "n"].includes(key)) {
    toast(`${stage().dataset.leadName} leads, so your keys rest. Press L to take the lead; buttons always work.`);
    return;
  }
  if (isMeant(button, key)) button.click();
}

if (console_) {
  legend.hidden = false;
  const nextButton = console_.querySelector("[data-next]");
  nextButton.hidden = false;
  nextButton.addEventListener("click", next);
  keySwitch.checked = kept(KEYS) !== false;
  keySwitch.addEventListener("change", () => {
    keep(KEYS, keySwitch.checked);
    mark();
  });
  document.addEventListener("keydown", press);
  document.addEventListener("sigforum:patched", mark);
  mark();
}
