// One thread of chat: sends a question, shows its answer as it comes, and takes part in
// a run that goes on elsewhere. Without this script the same forms work by themselves.

import { Completions } from "./chat-complete.js";
import { Refusal, begunThread, pageAt, post } from "./chat-requests.js";
import { textOf } from "./chat-text.js";
import { Gone, eventsOfRun } from "./event-stream.js";
import { LiveTurn } from "./live-turn.js";

const SETTING = "cadastre-chat-streaming";
const NEAR_BOTTOM = 90;

class ChatStream extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.dataset.words || "{}");
    this.box = /** @type {HTMLTextAreaElement} */ (this.querySelector("[data-ask]"));
    this.log = this.querySelector("[data-log]");
    this.status = this.querySelector("[data-telling]");
    this.below = this.querySelector("[data-below]");
    this.running = null;
    this.addEventListener("submit", (event) => this.submitted(event));
    this.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("change", (event) => {
      if (event.target.matches("[data-streaming]")) localStorage.setItem(SETTING, event.target.checked ? "on" : "off");
    });
    this.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("keydown", (event) => this.escaped(event));
    addEventListener("scroll", () => this.atBottom() && (this.below.hidden = true), { passive: true });
    this.completions = new Completions(this.box, this.querySelector("[data-completions]"), this);
    this.ready();
    if (!this.last && matchMedia("(pointer: fine)").matches) this.box.focus();
    const going = this.querySelector("[data-turn][data-run]");
    if (going) this.follow(new LiveTurn(going, this), going.dataset.run);
    else if (this.querySelector("[data-turn]") && !location.hash) this.toBottom();
  }

  /** Show what only works with script. */
  ready() {
    for (const hidden of document.querySelectorAll("[data-copy], [data-setting]")) hidden.hidden = false;
    for (const plain of this.querySelectorAll("[data-plain]")) plain.hidden = true;
    for (const box of document.querySelectorAll("[data-streaming]")) box.checked = this.streaming;
  }

  get streaming() {
    return localStorage.getItem(SETTING) !== "off";
  }

  get last() {
    return /** @type {HTMLElement | undefined} */ ([...this.querySelectorAll("[data-turn]")].at(-1));
  }

  atBottom() {
    const page = document.documentElement;
    return innerHeight + scrollY >= page.scrollHeight - NEAR_BOTTOM;
  }

  toBottom() {
    scrollTo(0, document.documentElement.scrollHeight);
    this.below.hidden = true;
  }

  /** Change the log; a reader at the bottom stays there, another is told. @param {() => void} change */
  grow(change) {
    const follows = this.atBottom();
    change();
    if (follows) this.toBottom();
    else if (!this.atBottom()) this.below.hidden = false;
  }

  /** @param {string} words */
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  /** @param {SubmitEvent} event */
  submitted(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-composer], [data-ask-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    const given = new FormData(form, event.submitter?.name ? event.submitter : undefined);
    const body = { text: String(given.get("text") ?? "") };
    for (const name of ["retry_of", "edit_of"]) {
      if (given.get(name)) body[name] = given.get(name);
    }
    if (body.retry_of) body.text = form.closest("[data-turn]").querySelector("[data-asked]").textContent;
    this.ask(body, form.matches("[data-composer]"));
  }

  /** Ask, and show the answer as it comes. @param {{text: string}} body @param {boolean} typed */
  async ask(body, typed = false) {
    if (this.running || !body.text.trim()) return;
    this.refuse(null);
    this.completions.close();
    const old = body.retry_of ?? body.edit_of;
    const place = old && this.querySelector(`[data-turn="${CSS.escape(old)}"]`);
    if (!old && this.last) body.parent = this.last.dataset.turn;
    this.busy(true);
    this.say("Sending");
    const stop = new AbortController();
    let response;
    try {
      const thread = await this.thread();
      const path = `/api/threads/${encodeURIComponent(thread)}/runs`;
      response = await post(path, body, this.token(), stop.signal);
    } catch (error) {
      this.busy(false);
      this.say("");
      this.refuse(error instanceof Refusal ? error : new Refusal(
        "The question was not sent.", "The server cannot be reached. Your words are kept; try again.",
      ));
      return;
    }
    if (typed) this.box.value = "";
    for (const start of this.querySelectorAll("[data-starts]")) start.remove();
    const turn = LiveTurn.begin(this, body.text);
    if (place) {
      while (place.nextElementSibling) place.nextElementSibling.remove();
      place.replaceWith(turn.element);
    } else this.log.append(turn.element);
    this.toBottom();
    this.follow(turn, "", response, stop);
  }

  /** The thread's id; a new thread begins with its first question. */
  async thread() {
    if (!this.dataset.thread) {
      this.dataset.thread = await begunThread(this.token());
      history.replaceState(null, "", `/chat/${this.dataset.thread}`);
    }
    return this.dataset.thread;
  }

  token() {
    return this.querySelector("[data-composer] [name=csrf]").value;
  }

  /**
   * Show a run until it ends, then put the page's own words in the place of the stream.
   * @param {LiveTurn} turn @param {string} run @param {Response} [first]
   */
  async follow(turn, run, first, stop = new AbortController()) {
    this.running = { turn, run };
    this.busy(true);
    this.say("Working");
    turn.tick();
    try {
      for await (const event of eventsOfRun(run, { first, signal: stop.signal, lost: (words) => this.say(words) })) {
        if (event.type === "run.started") this.running.run = event.data.run_id;
        this.grow(() => turn.take(event));
        if (event.type === "artifact") this.refresh(turn, false);
      }
      await this.refresh(turn, true);
    } catch (error) {
      turn.stopTicking();
      const gone = error instanceof Gone;
      this.say("");
      this.refuse(new Refusal(
        gone ? "This thread or its run is not there any more." : "The connection was lost.",
        gone ? "Go to your threads." : "The answer goes on being made. Load the page again to see it.",
      ));
    } finally {
      this.running = null;
      this.busy(false);
    }
  }

  /**
   * Read the page again and take the turn, the panel and the list of threads from it.
   * @param {LiveTurn} turn @param {boolean} ended
   */
  async refresh(turn, ended, tries = 8) {
    const page = await pageAt(`/chat/${encodeURIComponent(this.dataset.thread)}`, turn.id);
    const pinned = this.querySelectorAll("[data-panel] [data-pinned] > *");
    this.swap(page, "[data-panel]")?.querySelector("[data-pinned]").append(...pinned);
    if (!ended) return;
    const settled = page.querySelector(`[data-turn="${CSS.escape(turn.id)}"]`);
    if (settled?.dataset.status === "running" && tries) {
      await new Promise((go) => setTimeout(go, 250));
      return this.refresh(turn, ended, tries - 1);
    }
    turn.stopTicking();
    this.swap(page, "[data-threads]") ?? this.prepend(page.querySelector("[data-threads]") ?? "");
    this.classList.remove("is-new");
    for (const what of [".head", ".crumbs"]) document.querySelector(what).replaceWith(page.querySelector(what));
    document.title = page.title;
    this.box.placeholder = page.querySelector("[data-ask]").placeholder;
    if (!settled) return;
    this.grow(() => turn.element.replaceWith(settled));
    this.ready();
    this.say(settled.dataset.counts);
    history.replaceState(null, "", `/chat/${this.dataset.thread}`);
  }

  /** @param {Document} page @param {string} what @returns {Element | undefined} what is there now */
  swap(page, what) {
    const made = page.querySelector(what);
    const old = this.querySelector(what);
    if (!made || !old) return undefined;
    old.replaceWith(made);
    return made;
  }

  /** @param {boolean} on */
  busy(on) {
    this.log.setAttribute("aria-busy", String(on));
    this.toggleAttribute("data-busy", on);
    this.querySelector("[data-stop]").hidden = !on;
    this.querySelector("[data-send]").hidden = on;
  }

  /** @param {Refusal | null} problem */
  refuse(problem) {
    const note = this.querySelector("[data-refused]");
    note.hidden = !problem;
    note.querySelector("div").replaceChildren(...[problem?.message, problem?.hint].filter(Boolean).map((words) => {
      const line = document.createElement("p");
      line.textContent = words;
      return line;
    }));
  }

  async stop() {
    const run = this.running?.run;
    if (!run) return;
    this.say("Stopping");
    await post(`/api/runs/${encodeURIComponent(run)}/cancel`, {}, this.token()).catch((error) => {
      this.refuse(error instanceof Refusal ? error : new Refusal("It could not be stopped."));
    });
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const on = /** @type {Element} */ (event.target);
    if (on.closest("[data-stop]")) this.stop();
    if (on.closest("[data-below]")) this.toBottom();
    const copy = on.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(textOf(copy.closest("[data-answer]")));
      this.say("Copied");
    }
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const field = /** @type {HTMLElement} */ (event.target);
    if (!field.matches("textarea") || event.isComposing) return;
    if (field === this.box && this.completions.took(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      field.closest("form").requestSubmit();
    } else if (event.key === "ArrowUp" && field === this.box && !this.box.value && !this.running) {
      const reword = this.last?.querySelector("[data-reword]");
      if (!reword) return;
      event.preventDefault();
      reword.open = true;
      reword.querySelector("textarea").focus();
    } else if (event.key === "Escape" && field.closest("[data-reword]")) {
      event.stopPropagation();
      field.closest("[data-reword]").open = false;
      this.box.focus();
    }
  }

  /** @param {KeyboardEvent} event */
  escaped(event) {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector(".source-pop")) return;
    if (this.running && !document.querySelector("dialog[open], details.menu[open]")) this.stop();
  }
}

customElements.define("chat-stream", ChatStream);
