// Steppers for points: plain number fields where scripts are missing, two buttons where they are not.

// A response that was taken back and put back comes as a new row, which knows nothing of one's own points.
function ownPoints(form) {
  const region = form.querySelector("[data-laid]");
  const laid = JSON.parse(region.dataset.laid);
  for (const input of form.querySelectorAll("[data-stepper] input")) {
    const stepper = input.closest("[data-stepper]");
    const key = stepper.id.replace("stepper-", "");
    if (!stepper.dataset.isKnown && laid[key]) input.value = String(laid[key]);
    stepper.dataset.isKnown = "1";
    laid[key] = Number(input.value) || 0;
  }
  region.dataset.laid = JSON.stringify(laid);
}

export function budget(form) {
  if (!form.querySelector("[data-stepper]")) return;
  form.classList.add("has-steppers");
  for (const button of form.querySelectorAll("[data-stepper] button[hidden]")) button.hidden = false;
  ownPoints(form);
  const region = form.querySelector("[data-budget]");
  const total = Number(region.dataset.budget);
  const inputs = [...form.querySelectorAll("[data-stepper] input")];
  const left = total - inputs.reduce((sum, input) => sum + (Number(input.value) || 0), 0);
  for (const [index, pip] of [...region.querySelectorAll(".pip")].entries()) pip.classList.toggle("is-left", index < left);
  region.querySelector(".budget > span:last-child").textContent = `${left} of ${total} left`;
  for (const input of inputs) {
    const [less, more] = input.closest("[data-stepper]").querySelectorAll("button");
    less.disabled = Number(input.value) <= 0;
    more.disabled = left <= 0 || Number(input.value) >= Number(input.max);
    input.closest("[data-stepper]").classList.toggle("is-used", Number(input.value) > 0);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-stepper] button");
  if (!button) return;
  const input = button.closest("[data-stepper]").querySelector("input");
  input.value = String(Number(input.value || 0) + Number(button.dataset.step));
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
