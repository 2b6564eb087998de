// Small pages opened in place: a link marked data-dialog shows its page's form in a dialog.
import { fetchPiece, goInstead, send } from "./http.js";
import { applyFragments } from "./patch.js";
import { toast } from "./toasts.js";

// Whether a fresh page waits for what is being written in a dialog.
let isStale = false;
document.addEventListener("sigforum:reload", (event) => {
  if (!document.querySelector("dialog[open]")) return;
  isStale = true;
  event.preventDefault();
});

function open(title, content) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  const head = document.createElement("div");
  head.className = "dialog-head";
  const heading = document.createElement("h2");
  heading.id = "dialog-title";
  heading.dir = "auto";
  heading.textContent = title;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.setAttribute("aria-label", "Close this window");
  close.textContent = "×";
  close.addEventListener("click", () => dialog.close());
  head.append(heading, close);
  dialog.append(head, content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (isStale) location.reload();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea, input:not([type=hidden])")?.focus();
  return dialog;
}

// A question with two answers; resolves to whether the person went on.
export function ask(question, action) {
  return new Promise((resolve) => {
    const content = document.createElement("div");
    content.className = "form-actions";
    const back = document.createElement("button");
    back.type = "button";
    back.className = "button";
    back.textContent = "Cancel";
    const go = document.createElement("button");
    go.type = "button";
    go.className = "button is-danger";
    go.textContent = action;
    content.append(back, go);
    const dialog = open(question, content);
    let isAgreed = false;
    back.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => {
      isAgreed = true;
      dialog.close();
    });
    dialog.addEventListener("close", () => resolve(isAgreed));
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const content = await fetchPiece(link.href, "[data-dialog-content]");
  if (!content) {
    goInstead(link.href, content);
    return;
  }
  const heading = content.querySelector("h1");
  heading?.remove();
  open(heading?.textContent ?? "", content);
  document.dispatchEvent(new CustomEvent("sigforum:patched"));
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("dialog form[data-dialog-form]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  const answer = await send(form.action, new FormData(form));
  button.disabled = false;
  if (answer.ok) {
    form.closest("dialog").close();
    applyFragments(answer.fragments ?? []);
    toast(answer.message);
  } else {
    refuse(form, answer);
  }
});

// Shows why a form was not taken. Where what it showed is not so any more, the answer says how it is, and the form
// carries that from now on: sent again, it is meant.
export function refuse(form, answer) {
  for (const [name, value] of Object.entries(answer.renewed ?? {})) {
    if (form.elements.namedItem(name)) form.elements.namedItem(name).value = value;
  }
  showErrors(form, answer.errors ?? {}, answer.error);
}

// Puts errors beside their fields, and what belongs to no field above the form. What was typed stays.
function showErrors(form, errors, summary) {
  for (const old of form.querySelectorAll("[data-error]")) old.remove();
  let isPlaced = false;
  for (const [name, words] of Object.entries(errors)) {
    const field = form.elements.namedItem(name);
    if (!(field instanceof HTMLElement) || field.type === "hidden") continue;
    field.setAttribute("aria-invalid", "true");
    const line = errorLine(words);
    line.id = `${field.id || name}-error`;
    field.setAttribute("aria-errormessage", line.id);
    field.after(line);
    field.focus();
    isPlaced = true;
  }
  if (!isPlaced) form.prepend(errorLine(summary));
}

function errorLine(words) {
  const line = document.createElement("p");
  line.className = "field-error";
  line.dataset.error = "";
  line.setAttribute("role", "alert");
  line.textContent = words;
  return line;
}
