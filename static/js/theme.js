/* Applies the stored theme before the first paint, switches it by any button marked data-theme-toggle, and lets the
   server's own fragments through where browsers ask for trusted types.
   A classic script in the head, not a module: a module would run after the first paint and flash. */
(() => {
  "use strict";
  // Pages are changed by fragments that the server has escaped, and by nothing else; said once, before any module runs.
  window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
  const KEY = "sigforum.theme";
  const root = document.documentElement;
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

  // Storage can be forbidden by the browser; the theme then lasts for this page only.
  const stored = () => {
    try {
      return window.localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const store = (theme) => {
    try {
      window.localStorage.setItem(KEY, theme);
    } catch {
      // Nothing to do: the page already shows the chosen theme.
    }
  };

  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  const current = () => root.dataset.theme ?? (systemIsDark.matches ? "dark" : "light");
  const other = () => (current() === "dark" ? "light" : "dark");

  const label = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.setAttribute("aria-label", `Switch to the ${other()} theme`);
      button.title = `Switch to the ${other()} theme`;
    }
  };

  apply(stored());
  document.addEventListener("DOMContentLoaded", label);
  systemIsDark.addEventListener("change", label);
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    apply(event.newValue);
    label();
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    apply(other());
    store(root.dataset.theme);
    label();
  });
})();
