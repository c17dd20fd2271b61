// Keys for lists of flagged repos. It only moves the focus and presses what is on the page, so that whatever a key does a click does too.
"use strict";

const cards = () => [...document.querySelectorAll(".triage > li")];
const isTyping = target => target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;

function move(step) {
  const all = cards();
  if (all.length === 0) {
    return;
  }
  const here = all.indexOf(document.activeElement.closest(".triage > li"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) {
    return;
  }
  const help = document.getElementById("keys");
  const card = document.activeElement.closest(".triage > li");
  switch (event.key) {
    case "j": move(1); break;
    case "k": move(-1); break;
    case "?": help?.open ? help.close() : help?.showModal(); break;
    case "/": document.querySelector("input[type=search]")?.focus(); break;
    case "o": card?.querySelector("a.repo")?.click(); break;
    default: {
      const pressed = /^[a-z]$/.test(event.key) ? card?.querySelector(`[data-key="${event.key}"]`) : null;
      if (!pressed) {
        return;
      }
      pressed.click();
    }
  }
  event.preventDefault();
});
