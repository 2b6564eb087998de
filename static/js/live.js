// The socket of a page: joins its room, catches up after a gap, and applies what the server tells.
import { io } from "socket.io";
import { applyFragments } from "./patch.js";
import { setServerTime } from "./times.js";

const ANSWER_MS = 8000;
// What was too fast by so many seconds is sent again without a word.
const SOON_S = 3;
// A laptop that was closed for longer than this may hold a dead connection without knowing it.
const ASLEEP_MS = 30000;
const BEAT_MS = 5000;
// A connection that is not open by then is tried anew.
const OPEN_MS = 10000;
// Whom the server refused asks again after so long.
const AGAIN_MS = 3000;
const page = document.body.dataset;
const pill = document.getElementById("connection");
const WORDS = { live: "Live", reconnecting: "Reconnecting…", offline: "Offline" };

let socket = null;
let last = Number(page.after ?? 0);
let isJoined = false;
let timeouts = 0;
let isJoining = false;
let early = [];
let beat = Date.now();

function show(state) {
  if (!pill) return;
  pill.hidden = false;
  if (pill.dataset.state === state && pill.textContent) return;
  pill.dataset.state = state;
  pill.textContent = WORDS[state];
}

// Sends an event about this page's meeting and resolves to its acknowledgement.
export async function tell(event, payload) {
  if (!socket?.connected) return { ok: false, isLost: true, error: "There is no connection." };
  try {
    const ask = () => socket.timeout(ANSWER_MS).emitWithAck(event, { meeting: page.meeting, ...payload });
    const answer = await ask();
    // Somebody with many quick clicks waits a moment, instead of clicking again.
    if (answer?.status !== 429 || answer.retry_after > SOON_S) return answer;
    await new Promise((resume) => setTimeout(resume, 1000 * answer.retry_after));
    return await ask();
  } catch {
    return { ok: false, isLost: true, error: "The server did not answer in time." };
  }
}

export function onJoined(work) {
  document.addEventListener("sigforum:joined", work);
}

async function join() {
  isJoined = false;
  isJoining = true;
  early = [];
  const id = socket.id;
  const asked = Date.now();
  const answer = await tell("join", { forum: page.forum ? Number(page.forum) : null, after: last, surface: page.surface ?? null });
  // The connection was lost and made again meanwhile: the newer join counts.
  if (id !== socket.id) return;
  isJoining = false;
  if (answer.status === 403 || answer.status === 404) {
    location.reload();
    return;
  }
  if (answer.reload) {
    // Whoever is writing in a dialog gets the fresh page when it is closed.
    if (document.dispatchEvent(new CustomEvent("sigforum:reload", { cancelable: true }))) location.reload();
    return;
  }
  if (!answer.ok) {
    setTimeout(() => socket.connected && !isJoined && !isJoining && join(), 1000 + Math.random() * 2000);
    return;
  }
  if (answer.now) setServerTime(answer.now, Date.now() - asked);
  applyFragments(answer.fragments);
  last = Math.max(last, answer.number);
  isJoined = true;
  for (const change of early) take(change);
  early = [];
  show("live");
  document.dispatchEvent(new CustomEvent("sigforum:joined"));
}

function take(change) {
  last = Math.max(last, change.number);
  applyFragments(change.fragments);
}

// A room that lost its network together must not come back in the same instant. An attempt that is under way is ended: it
// may have begun on a network that is gone, and asking for a second one on its connection would have both refused.
function reconnectSoon() {
  setTimeout(() => socket.connected || socket.disconnect().connect(), Math.random() * 1000);
}

function start() {
  socket = io({
    transports: ["websocket", "polling"], tryAllTransports: true, timeout: OPEN_MS,
    reconnectionDelay: 500, reconnectionDelayMax: 5000, randomizationFactor: 0.8,
  });
  socket.on("connect", join);
  // What comes before the catch-up is complete waits, so that it is applied in order.
  socket.on("change", (change) => (isJoined ? take(change) : early.push(change)));
  socket.on("disconnect", (reason) => {
    isJoined = false;
    // The server closes sockets of people who were signed out or removed: the page says so itself.
    if (reason === "io server disconnect") location.reload();
    else show("reconnecting");
  });
  socket.io.on("reconnect_attempt", () => show(navigator.onLine ? "reconnecting" : "offline"));
  socket.on("connect_error", (error) => {
    // Signed out in another window, or by the organizers, while there was no connection: the page says what now.
    if (error.description === 401) location.reload();
    // Some networks let a websocket begin and then swallow it: what passes everywhere comes first from now on.
    if (error.message === "timeout" && (timeouts += 1) > 1) socket.io.opts.transports = ["polling", "websocket"];
    show(navigator.onLine ? "reconnecting" : "offline");
    // The library tries again by itself where nobody answered, and not where the server said no.
    if (!socket.active) setTimeout(reconnectSoon, AGAIN_MS);
  });
  window.addEventListener("offline", () => show("offline"));
  window.addEventListener("online", reconnectSoon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  setInterval(() => {
    // Hidden tabs get few timers: for them the return counts.
    if (document.visibilityState !== "visible") return;
    if (Date.now() - beat > ASLEEP_MS) wake();
    else beat = Date.now();
  }, BEAT_MS);
}

// Back from sleep: a connection that looks open may have ended long ago, so the page asks for what it missed, and
// connects anew where nobody answers.
async function wake() {
  const slept = Date.now() - beat;
  beat = Date.now();
  if (!socket.connected) {
    reconnectSoon();
  } else if (slept > ASLEEP_MS && !isJoining) {
    await join();
    if (!isJoined && !isJoining) socket.disconnect().connect();
  }
}

if (page.meeting) start();
