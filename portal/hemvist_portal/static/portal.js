// Comfort on top of pages that work without it. Nothing here decides anything.
"use strict";

// A second click does not send the form again. The key in the form would catch it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  window.setTimeout(() => delete form.dataset.sent, 5000);
});

// Back from the browser's own memory: the forms may be sent anew.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What was typed on this device and not sent yet goes when the person does, and after a day.
const DRAFTS = "hemvist.draft.";
const DAY = 24 * 60 * 60 * 1000;
function forgetDrafts(all) {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(DRAFTS)) continue;
    let at = 0;
    try { at = JSON.parse(localStorage.getItem(name)).at; } catch { /* Not ours to keep. */ }
    if (all || Date.now() - at > DAY) localStorage.removeItem(name);
  }
}
try { forgetDrafts(false); } catch { /* The browser keeps nothing. */ }
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/logout")) return;
  try { forgetDrafts(true); } catch { /* The browser keeps nothing. */ }
});

// What is wrong is read out first.
const problems = document.getElementById("problems");
if (problems) problems.focus();

// Everything folded is unfolded on paper.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    folded.dataset.printed = "1";
  }
});
window.addEventListener("afterprint", () => {
  for (const unfolded of document.querySelectorAll("details[data-printed]")) {
    unfolded.open = false;
    delete unfolded.dataset.printed;
  }
});

// Half-written work is not lost by a slip of the hand.
let touched = false;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  touched = touched || Boolean(form && form.method === "post");
});
document.addEventListener("submit", () => { touched = false; });
window.addEventListener("beforeunload", (event) => {
  if (touched) event.preventDefault();
});

// Printing needs a script; without one the browser's own menu does it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A simulation's page is read again while it runs: the figures change, what has the focus stays.
const followed = document.querySelector("[data-follow]");
async function follow() {
  const answer = await fetch(followed.dataset.follow, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-live]");
  if (!now) {
    window.location.reload();
    return;
  }
  const live = followed.querySelector("[data-live]");
  if (live.innerHTML !== now.innerHTML) live.innerHTML = now.innerHTML;
  window.setTimeout(follow, 1500);
}
if (followed) window.setTimeout(follow, 1500);
