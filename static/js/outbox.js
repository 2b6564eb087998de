// Votes on their way: each is kept on this device under its key until the server has said yes, or no for good.
// A page need not show the ballot any more for its vote to go out: rounds close while a phone has no network.
import { csrfToken, fetchPiece, send } from "./http.js";
import { fields, isNews, isSame } from "./filling.js";
import { onJoined, tell } from "./live.js";
import { forget, keep, kept, keptNames, own } from "./storage.js";

const SOONEST_MS = 2000;
const SLOWEST_MS = 15000;
// The server's last word on a vote: it cannot count whenever it comes. All else may pass: a lost network, a
// sign-in that ran out, a server in trouble.
const FINAL = [404, 409, 422];
const page = document.body.dataset;
const busy = new Map();
let pause = SOONEST_MS;
let timer = 0;

export const nameOf = ({ poll, round, terms }) => own(`vote ${poll} ${round} ${terms}`);
// Votes that a page of before kept name no terms.
export const formFor = ({ poll, round, terms }) =>
  `form[data-vote="${poll}"][data-round="${round}"]${terms ? `[data-terms="${terms}"]` : ""}`;
export const formOf = (vote) => document.querySelector(formFor(vote));
export const votes = () => keptNames(own("vote ")).map((name) => [name, kept(name)]).filter(([, vote]) => vote);

// Keeps a vote in place of an older one of the same round.
export function put(name, vote) {
  const older = kept(name);
  const tried = older && !older.outcome ? [...older.tried, older.form] : [];
  keep(name, { ...vote, tried, meeting: page.meeting ?? "" });
}

// Sends what is kept under a name, one at a time, until the newest has its answer; resolves to that answer.
export function deliver(name) {
  if (!busy.has(name)) busy.set(name, work(name).finally(() => busy.delete(name)));
  return busy.get(name);
}

async function work(name) {
  for (;;) {
    const vote = kept(name);
    if (!vote || vote.outcome) return null;
    const answer = (vote.isDelayed && (await overtaken(vote))) || (await transmit(vote));
    // A newer choice waited for the answer to this one; now it replaces it.
    if (kept(name)?.key !== vote.key) continue;
    if (answer.ok) forget(name);
    else if (answer.isOvertaken || FINAL.includes(answer.status)) keep(name, { ...vote, outcome: answer });
    else {
      keep(name, { ...vote, isDelayed: true });
      again(answer);
      return { ...answer, isWaiting: true };
    }
    pause = SOONEST_MS;
    document.dispatchEvent(new CustomEvent("sigforum:vote", { detail: { name, vote, answer } }));
    return answer;
  }
}

async function transmit(vote) {
  if (vote.meeting === page.meeting) {
    const answer = await tell("cast", { poll: vote.poll, round: vote.round, terms: vote.terms, key: vote.key, form: vote.form });
    if (!answer.isLost) return answer;
  }
  // Where sockets are blocked the same vote goes as a form, with the same key: it counts once.
  const body = new FormData();
  for (const [key, value] of Object.entries(vote.form)) body.set(key, value);
  body.set("csrf_token", csrfToken());
  body.set("round", String(vote.round));
  body.set("terms", vote.terms ?? "");
  body.set("key", vote.key);
  return send(vote.action, body);
}

// A vote that waited must not replace one that its person cast on another device meanwhile. What lies in the box may
// also be this very vote, or one before it, whose answer was lost on the way.
async function overtaken(vote) {
  if (vote.isSecret) return null;
  const form = await fetchPiece(vote.action.replace(/votes$/, "ballot"), formFor(vote));
  if (form === undefined) return { ok: false, isLost: true, error: "The server cannot be reached." };
  const savedAt = form && savedOn(form);
  const there = form && fields(form);
  if (!form || !isNews(vote.base, savedAt, there)) return null;
  if (isSame(there, vote.form)) return { ok: true, saved_at: savedAt, code: codeOn(form) };
  if (vote.tried.some((older) => isSame(there, older))) return null;
  return { ok: false, isOvertaken: true, there, saved_at: savedAt, code: codeOn(form),
    error: "You changed this vote on another device meanwhile, and that newer one counts." };
}

export const savedOn = (form) => form.dataset.saved ?? form.querySelector(".save-state time")?.getAttribute("datetime") ?? "";
export const codeOn = (form) => form.querySelector("[data-receipt] code").textContent;

// A whole room waits for the same server: it is asked less and less often, by each at another moment.
function again(answer) {
  // Without a sign-in or a fresh page nothing changes by asking.
  if ([400, 401, 403].includes(answer.status)) return;
  clearTimeout(timer);
  timer = setTimeout(deliverAll, pause * (0.5 + Math.random()));
  pause = Math.min(pause * 1.6, SLOWEST_MS);
}

export function deliverAll() {
  for (const [name, vote] of votes()) {
    if (vote.outcome) continue;
    document.dispatchEvent(new CustomEvent("sigforum:vote-waits", { detail: { name, vote, answer: deliver(name) } }));
  }
}

onJoined(deliverAll);
window.addEventListener("online", deliverAll);
