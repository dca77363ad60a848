// What every page has: the theme, the list of keys, moving through lists.

import { keysOn, showKeys, singleKey, switchKeys } from "./keys.js";

const A_YEAR = 31536000;
const A_MOMENT = 1500;

function themeNow() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

// The choice is a cookie, so that the server writes it into the first byte of the page.
for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themeNow() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    document.cookie = `cadastre_theme=${next}; path=/; max-age=${A_YEAR}; samesite=strict`;
  });
}

const help = /** @type {HTMLDialogElement} */ (document.getElementById("help"));
for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
for (const box of document.querySelectorAll("[data-single-keys]")) {
  box.checked = keysOn();
  box.addEventListener("change", () => switchKeys(box.checked));
}
showKeys(document);
document.addEventListener("htmx:after:swap", () => showKeys(document));

// A menu closes with Escape and when the reader goes elsewhere.
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

let gone = 0;
const PLACES = { i: "/", c: "/chat", t: "/territories", q: "/reviews" };
document.addEventListener("keydown", (event) => {
  const key = singleKey(event);
  const place = Date.now() - gone < A_MOMENT ? PLACES[key] : undefined;
  gone = key === "g" ? Date.now() : 0;
  if (place) location.assign(place);
  if (key === "/") {
    event.preventDefault();
    const box = document.querySelector("[data-ask]");
    if (box) box.focus();
    else location.assign("/chat");
  }
  if (key === "?") {
    event.preventDefault();
    help.showModal();
  }
  if ((key === "j" || key === "k") && !document.querySelector("plan-review")) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
    rows[next].focus();
  }
});

// A form is sent once: a second press while the server works changes nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const pressed = event.submitter;
  if (pressed?.dataset.busy) {
    pressed.textContent = pressed.dataset.busy;
    pressed.setAttribute("aria-busy", "true");
  }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A table wider than its place scrolls there; the keyboard has to reach it then.
const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const place of document.querySelectorAll(".scroll-x")) wide.observe(place);
