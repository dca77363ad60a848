// A turn while it is being answered: its chips, its text, and how long it has taken.

/** @typedef {import("./event-stream.js").RunEvent} RunEvent */

export class LiveTurn {
  /** @param {HTMLElement} element the turn's article @param {HTMLElement & Record<string, any>} chat */
  constructor(element, chat) {
    this.element = element;
    this.chat = chat;
    this.chips = new Map();
    this.began = Date.now();
    this.timer = 0;
    this.body = element.querySelector("[data-body]");
    this.steps = element.querySelector("[data-steps]");
    this.steps.replaceChildren();
    this.clear();
  }

  /** A turn for a question that was just sent. @param {HTMLElement & Record<string, any>} chat @param {string} text */
  static begin(chat, text) {
    const made = chat.querySelector("[data-new-turn]").content.firstElementChild.cloneNode(true);
    made.querySelector("[data-asked]").textContent = text;
    return new LiveTurn(made, chat);
  }

  get id() {
    return this.element.dataset.turn;
  }

  tick() {
    const place = this.element.querySelector("[data-worked]");
    const tell = () => {
      place.textContent = `Working ${Math.round((Date.now() - this.began) / 1000)} s`;
    };
    this.timer = setInterval(tell, 1000);
  }

  stopTicking() {
    clearInterval(this.timer);
  }

  clear() {
    this.writing = document.createElement("p");
    this.writing.className = "writing";
    this.body.replaceChildren(this.writing);
  }

  /** Show one event. @param {RunEvent} event */
  take({ type, data }) {
    if (type === "run.started") {
      this.element.dataset.turn = data.turn_id;
      this.element.dataset.run = data.run_id;
      this.element.id = `turn-${data.turn_id}`;
    } else if (type === "step.started") this.started(data);
    else if (type === "step.progress") this.progressed(data);
    else if (type === "step.finished") this.finished(data);
    else if (type === "block.delta" && this.chat.streaming) {
      if (!this.writing.isConnected) this.clear();
      this.writing.append(data.text);
      this.chat.say("Working: writing the answer");
    } else if (type === "block.reset") this.clear();
    else if (type === "block.done" && data.html) this.body.innerHTML = data.html; // sanitised by our server
  }

  started(data) {
    const [name, doing] = this.chat.words[data.tool] ?? [data.tool.replaceAll("_", " "), `using ${data.tool}`];
    const chip = this.chat.querySelector("[data-new-step]").content.firstElementChild.cloneNode(true);
    chip.querySelector("b").textContent = name;
    for (const [key, value] of Object.entries(data.arguments ?? {})) {
      if (value !== null) detail(chip, key.replaceAll("_", " "), String(value));
    }
    this.chips.set(data.step, chip);
    this.steps.append(chip);
    this.chat.say(`Working: ${doing}`);
  }

  progressed(data) {
    const chip = this.chips.get(data.step);
    if (chip && data.total) chip.querySelector("[data-count]").textContent = `${data.done} of ${data.total}`;
  }

  finished(data) {
    const chip = this.chips.get(data.step);
    if (!chip) return;
    const failed = data.state === "failed";
    const icons = this.chat.querySelector("[data-icons]").content.querySelectorAll("svg");
    chip.querySelector("svg").replaceWith(icons[failed ? 1 : 0].cloneNode(true));
    chip.querySelector("[data-state]").textContent = failed ? "Failed:" : "Done:";
    chip.classList.remove("running");
    chip.classList.toggle("failed", failed);
    chip.querySelector("[data-time]").textContent = took(data.ms);
    chip.querySelector("[data-count]").textContent = data.rows ? `${data.rows.toLocaleString("en")} ${data.rows === 1 ? "row" : "rows"}` : "";
    if (data.note) detail(chip, failed ? "what failed" : "result", data.note);
    if (data.evidence) detail(chip, "evidence", `${data.evidence} read`);
  }
}

/** @param {Element} chip @param {string} name @param {string} value */
function detail(chip, name, value) {
  const term = document.createElement("dt");
  const said = document.createElement("dd");
  term.textContent = name.charAt(0).toUpperCase() + name.slice(1);
  said.textContent = value;
  chip.querySelector("dl").append(term, said);
}

/** @param {number} ms */
function took(ms) {
  if (ms < 50) return "<0.1 s";
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
