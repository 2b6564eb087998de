// The socket of a page: joins its room, catches up after a gap, and applies what the server tells.
import { io } from "socket.io";
import { applyFragments } from "./patch.js";

const ANSWER_MS = 8000;
const page = document.body.dataset;
const pill = document.getElementById("connection");
const WORDS = { live: "Live", reconnecting: "Reconnecting…", offline: "Offline" };

let socket = null;
let last = Number(page.after ?? 0);
let isJoined = false;
let early = [];

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
    return await socket.timeout(ANSWER_MS).emitWithAck(event, { meeting: page.meeting, ...payload });
  } catch {
    return { ok: false, isLost: true, error: "The server did not answer in time." };
  }
}

async function join() {
  isJoined = false;
  early = [];
  const answer = await tell("join", { forum: page.forum ? Number(page.forum) : null, after: last });
  if (answer.reload || answer.status === 403 || answer.status === 404) {
    location.reload();
    return;
  }
  if (!answer.ok) {
    setTimeout(() => socket.connected && join(), 1000 + Math.random() * 2000);
    return;
  }
  applyFragments(answer.fragments);
  last = Math.max(last, answer.number);
  isJoined = true;
  for (const change of early) take(change);
  show("live");
  document.dispatchEvent(new CustomEvent("sigforum:joined"));
}

function take(change) {
  last = Math.max(last, change.number);
  applyFragments(change.fragments);
}

function start() {
  socket = io({
    transports: ["websocket", "polling"], tryAllTransports: true,
    reconnectionDelay: 300, reconnectionDelayMax: 5000, randomizationFactor: 0.5,
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
  socket.on("connect_error", () => show(navigator.onLine ? "reconnecting" : "offline"));
  window.addEventListener("offline", () => show("offline"));
  window.addEventListener("online", () => socket.connected || socket.connect());
  // A tab that slept may believe in a dead connection; coming back, it asks at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !socket.connected) socket.connect();
  });
}

if (page.meeting) start();
