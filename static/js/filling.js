// What stands in a ballot: its fields as they are sent, put back as they were, and in words.
const HIDDEN = ["csrf_token", "key", "round", "terms"];

const controls = (form) => [...form.elements].filter((one) => one.name && !HIDDEN.includes(one.name));
const isTick = (control) => control.type === "radio" || control.type === "checkbox";

export function fields(form) {
  const all = [...new FormData(form)].filter(([key]) => !HIDDEN.includes(key));
  return Object.fromEntries(all);
}

// Points for a response that came after these fields were filled stay as they are.
export function fill(form, values) {
  for (const control of controls(form)) {
    if (isTick(control)) control.checked = values[control.name] === control.value;
    else if (control.name in values) control.value = values[control.name];
    const stepper = control.closest("[data-stepper]");
    if (stepper && control.name in values) stepper.dataset.isKnown = "1";
  }
  document.dispatchEvent(new CustomEvent("sigforum:filled"));
}

// Responses come and go: points are compared where both sides know the response.
export function isSame(one, other) {
  const said = (values, others) => JSON.stringify(Object.entries(values)
    .filter(([key, value]) => value !== "" && (!key.startsWith("points-") || key in others)).sort());
  return said(one, other) === said(other, one);
}

// Whether a saved ballot is another one than the known one; two may have been saved within the same second.
export function isNews(known, savedAt, values) {
  return savedAt !== "" && (savedAt !== known.at || !isSame(values, known.values));
}

// [what was asked, what was answered], for when the ballot itself is gone.
export function inWords(form) {
  const lines = [];
  for (const control of controls(form)) {
    if (isTick(control) ? !control.checked : control.value === "" || control.value === "0") continue;
    const asked = control.closest("[data-option]")?.querySelector("legend, .priority-text")?.textContent.trim() ?? "";
    const label = control.getAttribute("aria-label") ?? control.labels?.[0]?.textContent.trim() ?? "";
    const value = control.selectedOptions ? control.selectedOptions[0].textContent.trim() : control.value;
    lines.push(isTick(control) ? [asked, label] : [asked || label, value]);
  }
  return lines;
}
