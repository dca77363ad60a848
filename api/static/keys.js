// Single-letter keys: one place that says when they may fire.

const SETTING = "cadastre-single-keys";

/** @returns {boolean} whether single-letter keys are switched on */
export function keysOn() {
  return localStorage.getItem(SETTING) !== "off";
}

/** @param {boolean} on */
export function switchKeys(on) {
  localStorage.setItem(SETTING, on ? "on" : "off");
  showKeys(document);
}

/** Show the key caps only where the keys work. @param {ParentNode} root */
export function showKeys(root) {
  for (const cap of root.querySelectorAll("[data-keyboard]")) cap.hidden = !keysOn();
}

/**
 * The single key of an event, or "" where it must not act: in a field, in a dialog,
 * with a modifier, or switched off.
 * @param {KeyboardEvent} event
 */
export function singleKey(event) {
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return "";
  const field = event.target instanceof Element ? event.target.closest(
    "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable], dialog",
  ) : null;
  return field ? "" : event.key;
}

/** Say something to a screen reader. @param {string} words */
export function announce(words) {
  const place = document.getElementById("announce");
  if (place) place.textContent = words;
}
