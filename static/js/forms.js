// Small help for plain forms: filters that apply at once, questions before what cannot be undone, and the
// facilitator's buttons without a reload.
import { ask } from "./dialogs.js";
import { csrfToken, send } from "./http.js";
import { applyFragments } from "./patch.js";
import { toast } from "./toasts.js";

document.addEventListener("change", (event) => {
  // Where the choice belongs to a larger form, the button beside it says what is asked of that form.
  const place = event.target.closest?.("[data-filter]");
  if (place) event.target.form.requestSubmit(place.querySelector("button"));
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-confirm], button[data-act]");
  if (!button) return;
  if (button.dataset.confirm && !button.dataset.confirmed) {
    event.preventDefault();
    if (await ask(button.dataset.confirm, button.textContent.trim())) {
      button.dataset.confirmed = "1";
      button.click();
      delete button.dataset.confirmed;
    }
    return;
  }
  if (button.dataset.act === undefined) return;
  event.preventDefault();
  button.disabled = true;
  const body = new FormData();
  body.set("csrf_token", csrfToken());
  const answer = await send(button.formAction, body);
  button.disabled = false;
  if (!answer.ok) toast(answer.error, { isError: true });
  else if (answer.fragments) applyFragments(answer.fragments);
});

document.querySelector("[data-error-summary]")?.focus();
