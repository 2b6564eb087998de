// Moments come from the server in UTC; here they become the reader's own time, and ends become countdowns.
const today = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const earlier = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

// How far this device's clock is behind the server's; phones are often minutes off.
let behind = 0;
let timer = null;

export function clock(moment) {
  const isToday = moment.toDateString() === new Date().toDateString();
  return (isToday ? today : earlier).format(moment);
}

// The server's time as a join's answer told it, after half of the time the question took.
export function setServerTime(iso, tookMs = 0) {
  const moment = Date.parse(iso);
  if (!Number.isNaN(moment)) behind = moment + tookMs / 2 - Date.now();
  countDown();
}

function localise() {
  for (const time of document.querySelectorAll("time[datetime*='T']")) {
    if (time.dataset.endsAt) continue;
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const text = clock(moment);
    if (time.textContent !== text) time.textContent = text;
    time.title = full.format(moment);
  }
}

function remaining(seconds) {
  if (seconds <= 0) return "Time is up";
  const parts = [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0"));
  return parts.join(":");
}

// Every element with data-ends-at (ISO) shows mm:ss. The digits keep their width, and nobody is told each second.
function countDown() {
  clearTimeout(timer);
  const now = Date.now() + behind;
  let isRunning = false;
  for (const element of document.querySelectorAll("[data-ends-at]")) {
    const end = Date.parse(element.dataset.endsAt);
    if (Number.isNaN(end)) continue;
    const seconds = Math.ceil((end - now) / 1000);
    const text = remaining(seconds);
    if (element.textContent !== text) element.textContent = text;
    if (!element.hasAttribute("role")) element.setAttribute("role", "timer");
    element.setAttribute("aria-live", "off");
    element.toggleAttribute("data-over", seconds <= 0);
    isRunning ||= seconds > 0;
  }
  // At the turn of the server's second, so that a whole room counts together.
  if (isRunning) timer = setTimeout(countDown, 1000 - (now % 1000) + 5);
}

function show() {
  localise();
  countDown();
}

show();
document.addEventListener("sigforum:patched", show);
// A tab that slept has missed its timers.
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && countDown());
