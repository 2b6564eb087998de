// Talking to the server by forms: the same addresses that plain HTML uses, answered in JSON.
import { toast } from "./toasts.js";

const OFFLINE = "You are offline.";
// A network that swallows everything must not hold a vote or a response back from being sent again.
const LONGEST_MS = 20000;

// Resolves to {ok, ...}; `isLost` says that nobody answered, so that it can be sent again.
// A signal `calledOff` ends it instead of the clock.
export async function send(url, body, calledOff) {
  try {
    const answer = await fetch(url, {
      method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
      signal: calledOff ?? AbortSignal.timeout(LONGEST_MS),
    });
    const isJson = answer.headers.get("content-type")?.includes("json");
    if (isJson) return { status: answer.status, ...(await answer.json()) };
    return { ok: answer.ok, status: answer.status, isLost: answer.status >= 502, error: "The server gave no clear answer." };
  } catch {
    return { ok: false, isLost: true, error: navigator.onLine ? "The server cannot be reached." : OFFLINE };
  }
}

// A piece of another page, chosen by a selector; null where the page has none, undefined where nobody answered.
export async function fetchPiece(url, selector) {
  let text;
  try {
    const answer = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(LONGEST_MS) });
    if (answer.status >= 502) return undefined;
    text = await answer.text();
  } catch {
    return undefined;
  }
  const piece = new DOMParser().parseFromString(text, "text/html").querySelector(selector);
  return piece && document.adoptNode(piece);
}

// Instead of a piece that could not be had: its page, unless leaving this one would lead nowhere.
export function goInstead(url, piece) {
  if (piece === null) location.assign(url);
  else toast("The server cannot be reached. Try again when the connection is back.", { isError: true });
}

export function csrfToken() {
  return document.querySelector("#act [name=csrf_token]").value;
}

export function newKey() {
  // crypto.randomUUID exists only on https and localhost; a venue's test server may be neither.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
