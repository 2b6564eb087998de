// Talking to the server by forms: the same addresses that plain HTML uses, answered in JSON.
const OFFLINE = "You are offline.";

// Resolves to {ok, ...}; `isLost` says that nobody answered, so that it can be sent again.
export async function send(url, body) {
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
    const isJson = answer.headers.get("content-type")?.includes("json");
    if (isJson) return { status: answer.status, ...(await answer.json()) };
    return { ok: answer.ok, status: answer.status, isLost: answer.status >= 502, error: "The server gave no clear answer." };
  } catch {
    return { ok: false, isLost: true, error: navigator.onLine ? "The server cannot be reached." : OFFLINE };
  }
}

// A piece of another page, chosen by a selector; null where it cannot be had.
export async function fetchPiece(url, selector) {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return document.adoptNode(page.querySelector(selector));
  } catch {
    return null;
  }
}

export function csrfToken() {
  return document.querySelector("#act [name=csrf_token]").value;
}

export function newKey() {
  // crypto.randomUUID exists only on https and localhost; a venue's test server may be neither.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
