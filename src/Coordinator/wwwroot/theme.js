// Light, dark, or whatever the system says. The choice lies in a cookie, so that the server writes it into the page and nothing flashes.
"use strict";

document.addEventListener("click", event => {
  if (event.target.closest("[data-switch=theme]") === null) {
    return;
  }
  const root = document.documentElement;
  const next = { undefined: "light", light: "dark" }[root.dataset.theme];
  if (next === undefined) {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = next;
  }
  document.cookie = `dynahug-theme=${next ?? ""}; path=/; samesite=strict; max-age=${next === undefined ? 0 : 31536000}`;
});
