// The key "/" leads to the search box, from wherever nobody is typing.
const TYPING = "input, textarea, select, [contenteditable], dialog[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  const box = [...document.querySelectorAll("[data-search-box]")].find((one) => one.checkVisibility());
  const link = document.querySelector("a[data-search-link]");
  if (!box && !link) return;
  event.preventDefault();
  if (box) {
    box.focus();
    box.select();
  } else {
    link.click();
  }
});
