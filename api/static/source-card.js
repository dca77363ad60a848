// Citations: a card on hover or focus, pinned into the evidence rail with Enter or a click.

import { announce, singleKey } from "./keys.js";

const DELAY = 140;

class SourceCards {
  constructor() {
    this.card = null;
    this.mark = null;
    this.timer = 0;
    document.addEventListener("pointerover", (event) => this.over(event));
    document.addEventListener("pointerout", (event) => this.out(event));
    document.addEventListener("focusin", (event) => this.focused(event));
    document.addEventListener("focusout", (event) => this.blurred(event));
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("resize", () => this.close());
  }

  /** @param {EventTarget | null} target */
  markOf(target) {
    return target instanceof Element ? target.closest("a[data-source]") : null;
  }

  over(event) {
    const mark = this.markOf(event.target);
    if (mark && mark !== this.mark) this.later(() => this.open(mark));
    else if (mark || this.card?.contains(event.target)) clearTimeout(this.timer);
  }

  out(event) {
    if (!this.markOf(event.target) && !this.card?.contains(event.target)) return;
    const to = event.relatedTarget;
    if (this.card?.contains(to) || this.markOf(to) === this.mark && this.mark) return;
    if (this.mark && this.mark === document.activeElement) return;
    this.later(() => this.close());
  }

  focused(event) {
    const mark = this.markOf(event.target);
    if (mark) this.later(() => this.open(mark));
  }

  blurred(event) {
    if (this.markOf(event.target) && !this.card?.contains(event.relatedTarget)) {
      this.later(() => this.close());
    }
  }

  later(act) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, DELAY);
  }

  open(mark) {
    this.close();
    const card = copyOf(mark.dataset.source);
    if (!card) return;
    this.card = document.createElement("div");
    this.card.className = "source-pop";
    this.card.id = "source-pop";
    this.card.setAttribute("role", "tooltip");
    this.card.append(card);
    document.getElementById("main").append(this.card);
    this.mark = mark;
    mark.dataset.open = "";
    mark.setAttribute("aria-describedby", "source-pop");
    this.place();
  }

  place() {
    const at = this.mark.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const bar = document.querySelector(".decision-bar")?.offsetHeight ?? 0;
    const left = Math.max(12, Math.min(at.left - 24, document.documentElement.clientWidth - width - 12));
    const below = at.bottom + 8 + height <= innerHeight - bar;
    const top = below || at.top < height + 8 ? at.bottom + 8 : at.top - height - 8;
    this.card.style.left = `${left + scrollX}px`;
    this.card.style.top = `${top + scrollY}px`;
  }

  close() {
    clearTimeout(this.timer);
    if (!this.card) return;
    this.card.remove();
    delete this.mark.dataset.open;
    this.mark.removeAttribute("aria-describedby");
    this.card = this.mark = null;
  }

  clicked(event) {
    if (!(event.target instanceof Element)) return;
    const unpin = event.target.closest("[data-unpin]");
    if (unpin) {
      const article = unpin.closest("article");
      article.remove();
      document.getElementById("evidence-title").parentElement.focus?.();
      announce("Unpinned");
      return;
    }
    const asked = this.markOf(event.target) ?? event.target.closest("[data-pin]");
    if (!asked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (pin(asked.dataset.source ?? asked.dataset.pin)) event.preventDefault();
  }

  pressed(event) {
    if (event.key === "Escape" && this.card) {
      const mark = this.mark;
      this.close();
      mark.focus();
      clearTimeout(this.timer);
      return;
    }
    const key = singleKey(event);
    if (key !== "[" && key !== "]") return;
    const marks = [...document.querySelectorAll(":is(#sections, #log) a.cite[data-source]")].filter(
      (mark) => mark.checkVisibility(),
    );
    if (!marks.length) return;
    const at = marks.indexOf(document.activeElement);
    const step = key === "]" ? 1 : -1;
    const start = at < 0 && step < 0 ? 0 : at;
    marks[(start + step + marks.length) % marks.length].focus();
  }
}

/** A copy of a source that may stand elsewhere in the page. @param {string} id */
function copyOf(id) {
  const original = document.getElementById(`source-${id}`);
  if (!original) return null;
  const copy = /** @type {HTMLElement} */ (original.cloneNode(true));
  copy.removeAttribute("id");
  return copy;
}

/** Put a source at the head of the evidence rail. @param {string} id */
function pin(id) {
  const place = document.querySelector("[data-pinned]");
  const copy = copyOf(id);
  if (!place || !copy) return false;
  place.querySelector(`[data-source-card="${CSS.escape(id)}"]`)?.remove();
  copy.classList.add("pinned");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.dataset.unpin = "";
  button.textContent = "Unpin";
  button.setAttribute("aria-label", `Unpin ${copy.querySelector("h3").textContent}`);
  copy.querySelector(".place").append(" ", button);
  place.prepend(copy);
  while (place.children.length > 4) place.lastElementChild.remove();
  place.closest(".rail")?.scrollTo?.({ top: place.offsetTop - 60 });
  announce(`Pinned: ${copy.querySelector("h3").textContent}`);
  return true;
}

new SourceCards();
