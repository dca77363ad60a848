// The list of completions at the box: commands, accounts, plans. The keyboard never leaves the box.

const DELAY_MS = 120;
const SHORTEST = 1;

export class Completions {
  /** @param {HTMLTextAreaElement} box @param {HTMLElement} list @param {HTMLElement & Record<string, any>} chat */
  constructor(box, list, chat) {
    Object.assign(this, { box, list, chat, items: [], at: -1, timer: 0, asked: 0 });
    box.addEventListener("input", () => this.later());
    box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.accept(Number(option.dataset.at));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), DELAY_MS);
  }

  async fetch() {
    const text = this.box.value;
    const asked = ++this.asked;
    if (text.trim().length < SHORTEST || text.length > 300 || text.includes("\n")) return this.close();
    const query = new URLSearchParams({ text, thread: this.chat.dataset.thread ?? "" });
    const answer = await fetch(`/api/complete?${query}`).catch(() => null);
    if (asked !== this.asked || this.box.value !== text) return;
    this.show(answer?.ok ? await answer.json() : []);
  }

  /** @param {{text: string, label: string, detail: string}[]} items */
  show(items) {
    this.items = items.slice(0, 8);
    this.at = -1;
    if (!this.items.length || document.activeElement !== this.box) return this.close();
    this.list.replaceChildren(...this.items.map((item, place) => {
      const option = document.createElement("li");
      option.id = `completion-${place}`;
      option.dataset.at = String(place);
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const label = document.createElement("b");
      label.textContent = item.label;
      const detail = document.createElement("small");
      detail.textContent = item.detail ?? "";
      option.append(label, " ", detail);
      return option;
    }));
    this.list.hidden = false;
    this.chat.say(`${this.items.length} ${this.items.length === 1 ? "completion" : "completions"}, arrow down to choose`);
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.items = [];
    this.at = -1;
    this.box.removeAttribute("aria-activedescendant");
    if (/completion/.test(this.chat.status.textContent)) this.chat.say("");
  }

  /** @param {number} place */
  accept(place) {
    const item = this.items[place];
    this.close();
    if (!item) return;
    this.box.value = item.text;
    this.box.focus();
    this.box.setSelectionRange(item.text.length, item.text.length);
    this.later();
  }

  /** Say whether a key was for the list. @param {KeyboardEvent} event */
  took(event) {
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move(step);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" && this.at >= 0) || (event.key === "Tab" && !event.shiftKey)) {
      this.accept(Math.max(this.at, 0));
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** @param {number} step */
  move(step) {
    const count = this.items.length;
    this.at = this.at < 0 && step < 0 ? count - 1 : (this.at + step + count) % count;
    for (const option of this.list.children) {
      option.setAttribute("aria-selected", String(Number(option.dataset.at) === this.at));
    }
    const chosen = this.list.children[this.at];
    this.box.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }
}
