// Passkeys: the browser asks the device; what it answers goes to the server like any form.
import { csrfToken, send } from "./http.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// The server's options with bytes where browsers want bytes.
function readable(options) {
  const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    read.user = { ...options.user, id: bytes(options.user.id) };
    read.excludeCredentials = withBytes(options.excludeCredentials);
  } else {
    read.allowCredentials = withBytes(options.allowCredentials);
  }
  return read;
}

// A credential with text where JSON wants text.
function written(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function askDevice(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  const options = await answer.json();
  if (!answer.ok) throw new Error(options.error);
  const publicKey = readable(options);
  return options.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

async function use(panel) {
  const says = panel.querySelector("[data-passkey-says]");
  says.textContent = "Waiting for your device…";
  try {
    const body = new FormData();
    body.set("csrf_token", csrfToken());
    body.set("credential", written(await askDevice(panel.dataset.options)));
    const name = panel.querySelector("input");
    if (name) body.set("name", name.value);
    const answer = await send(panel.dataset.action, body);
    if (!answer.ok) throw new Error(answer.error);
    location.assign(answer.to);
  } catch (problem) {
    // Browsers say no more than this when somebody closes their window, or has no passkey for this site.
    const isClosed = problem instanceof DOMException;
    if (isClosed && problem.name === "InvalidStateError") says.textContent = "This device has a passkey for your account already.";
    else says.textContent = isClosed ? "No passkey was used." : problem.message;
  }
}

for (const panel of document.querySelectorAll("[data-passkey]")) {
  // Browsers offer passkeys on secure pages only.
  if (!window.PublicKeyCredential) continue;
  panel.hidden = false;
  const button = panel.querySelector("button");
  button.addEventListener("click", async () => {
    button.disabled = true;
    await use(panel);
    button.disabled = false;
  });
}
