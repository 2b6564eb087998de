// Moments come from the server in UTC; here they become the reader's own time.
const today = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const earlier = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

export function clock(moment) {
  const isToday = moment.toDateString() === new Date().toDateString();
  return (isToday ? today : earlier).format(moment);
}

function localise() {
  for (const time of document.querySelectorAll("time[datetime*='T']")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const text = clock(moment);
    if (time.textContent !== text) time.textContent = text;
    time.title = full.format(moment);
  }
}

localise();
document.addEventListener("sigforum:patched", localise);
