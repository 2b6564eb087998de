// Short words in the corner about what just happened.
const SECONDS = 5;

export function toast(words, { isError = false } = {}) {
  const element = document.createElement("div");
  element.className = isError ? "toast is-error" : "toast";
  const text = document.createElement("span");
  text.dir = "auto";
  text.textContent = words;
  element.append(text);
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), SECONDS * 1000);
}
