// A form that is filled in away from the office keeps what was typed when the connection drops.
//
// What is typed is kept in this browser, encrypted under a key that only the logged-in person's page has:
// nobody else who opens the telephone can read it. It is removed when the form has been sent, when the
// person logs out, and after a day. What was sent and never answered is sent again as it was, under the
// same key, so that the platform carries it out once.
"use strict";

const PREFIX = "hemvist.draft.";
const RETRY = 8000;
const PATIENCE = 20000;
const OWN = new Set(["csrf", "expectedVersion"]);

const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

// Nothing is kept where the browser cannot encrypt.
async function keyOf(form) {
  if (!window.crypto || !window.crypto.subtle) return null;
  return crypto.subtle.importKey("raw", bytes(form.dataset.draftKey), "AES-GCM", false, [
    "encrypt", "decrypt",
  ]);
}

async function store(name, key, draft) {
  if (!key) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(draft));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  localStorage.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), iv: text(iv), data: text(data) }));
}

async function stored(name, key) {
  const kept = localStorage.getItem(PREFIX + name);
  if (!kept || !key) return null;
  try {
    const { iv, data } = JSON.parse(kept);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(data));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    // Another person's: not to be read, and not to be left.
    localStorage.removeItem(PREFIX + name);
    return null;
  }
}

function typed(form) {
  return [...new FormData(form)].filter(([name]) => !OWN.has(name));
}

function fill(form, values) {
  const given = new Map();
  for (const [name, value] of values) given.set(name, [...(given.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name)) continue;
    const texts = given.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = texts.includes(field.value);
    else if (field.tagName !== "BUTTON") field.value = texts[0] || "";
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.draft;
    this.sign = form.querySelector("[data-draft-sign]");
    this.again = form.querySelector("[data-draft-again]");
    this.waiting = null;
    this.saving = null;
    this.timer = null;
  }

  async begin(restore) {
    this.key = await keyOf(this.form);
    const before = restore ? await stored(this.name, this.key) : null;
    if (before) {
      fill(this.form, before.values);
      this.say("restored");
    }
    this.form.addEventListener("input", () => this.touch());
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.again.addEventListener("click", () => this.send());
    window.addEventListener("online", () => this.waiting && this.send());
    if (before && before.sent) {
      this.freeze(before.sent);
      this.send();
    }
  }

  say(state) {
    this.sign.textContent = state ? this.sign.dataset[state] : "";
    this.sign.hidden = !state;
    this.form.dataset.state = state;
  }

  touch() {
    window.clearTimeout(this.saving);
    this.saving = window.setTimeout(async () => {
      await store(this.name, this.key, { values: typed(this.form) });
      if (!this.waiting) this.say(this.key ? "kept" : "");
    }, 300);
  }

  // While nobody knows whether it arrived, it is not changed: what is sent again is the same.
  freeze(body) {
    this.waiting = body;
    for (const part of this.form.querySelectorAll("fieldset, input, textarea, select, button")) {
      if (part !== this.again) part.inert = true;
    }
    this.again.hidden = false;
  }

  async submit(event) {
    event.preventDefault();
    event.stopPropagation();
    window.clearTimeout(this.saving);
    const body = typed(this.form);
    await store(this.name, this.key, { values: body, sent: body });
    this.freeze(body);
    await this.send();
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    window.clearTimeout(this.timer);
    this.say("sending");
    try {
      const own = [...new FormData(this.form)].filter(([name]) => OWN.has(name));
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new URLSearchParams([...own, ...this.waiting]),
        credentials: "same-origin",
        headers: { "X-Requested-With": "hemvist" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      await this.read(answer);
    } catch {
      this.say("offline");
      this.timer = window.setTimeout(() => this.send(), RETRY);
    } finally {
      this.busy = false;
    }
  }

  async read(answer) {
    const next = answer.headers.get("X-Hemvist-Next");
    if (next) {
      localStorage.removeItem(PREFIX + this.name);
      window.location.assign(next);
      return;
    }
    if (answer.status === 401) {
      this.say("login");
      return;
    }
    if (answer.status >= 500) throw new Error("not now");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
    this.waiting = null;
    // Refused: the form stands there with what was typed, and may be changed.
    start(false);
    const problems = document.getElementById("problems");
    if (problems) problems.focus();
  }
}

function start(restore) {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const draft = new Draft(form);
    draft.begin(restore);
    if (!restore) draft.touch();
  }
  // The page that shows what was sent has no form for it any more.
  for (const gone of document.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(PREFIX + gone.dataset.draftDone);
  }
}

start(true);
