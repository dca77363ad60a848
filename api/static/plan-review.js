// The review of one plan: verdicts per section, what they add up to, and the keys.

import { announce, singleKey } from "./keys.js";

class PlanReview extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement | null} */ (this.querySelector("#decision"));
    this.addEventListener("change", (event) => this.changed(event));
    this.addEventListener("input", () => this.settle());
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("pointerdown", (event) => {
      this.wasChecked = event.target.type === "radio" && event.target.checked ? event.target : null;
    });
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("htmx:after:swap", () => this.ready());
    for (const hidden of this.querySelectorAll("[data-counts]")) hidden.hidden = false;
    this.recall();
    this.ready();
    this.watch();
    this.form?.addEventListener("submit", (event) => {
      if (event.submitter?.disabled) event.preventDefault();
    });
  }

  get sections() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[data-section]")]);
  }

  get current() {
    return this.sections.find((section) => section.classList.contains("is-current"));
  }

  /** What a section was given. @param {HTMLElement} section */
  verdict(section) {
    return section.querySelector("input[type=radio]:checked")?.value ?? "open";
  }

  ready() {
    for (const section of this.sections) {
      const fold = section.querySelector("[data-fold]");
      if (fold) fold.hidden = false;
    }
    const field = this.querySelector(".edit textarea");
    if (field && !field.dataset.met) {
      field.dataset.met = "yes";
      field.focus();
    }
    if (this.form) this.recall();
    this.settle();
  }

  // Verdicts outlive a reload, a change of view, and a new version where the text is the same.

  get memory() {
    return `cadastre-review-${this.dataset.plan}`;
  }

  remember() {
    const kept = {};
    for (const section of this.sections) {
      const comment = section.querySelector(".change-request textarea")?.value ?? "";
      const verdict = this.verdict(section);
      if (verdict !== "open" || comment) {
        kept[section.dataset.section] = { digest: section.dataset.digest, verdict, comment };
      }
    }
    sessionStorage.setItem(this.memory, JSON.stringify(kept));
  }

  recall() {
    if (!this.form) {
      sessionStorage.removeItem(this.memory);
      return;
    }
    const kept = JSON.parse(sessionStorage.getItem(this.memory) ?? "{}");
    for (const section of this.sections) {
      const then = kept[section.dataset.section];
      if (!then || then.digest !== section.dataset.digest) continue;
      const box = section.querySelector(`input[value="${then.verdict}"]`);
      if (box && this.verdict(section) === "open") {
        box.checked = true;
        section.classList.toggle("is-folded", then.verdict === "approved");
      }
      const comment = section.querySelector(".change-request textarea");
      if (comment && !comment.value) comment.value = then.comment;
    }
  }

  changed(event) {
    const section = event.target.closest("[data-section]");
    if (section && event.target.type === "radio") this.decided(section);
    this.settle();
  }

  clicked(event) {
    if (!(event.target instanceof Element)) return;
    const section = event.target.closest("[data-section]");
    if (event.target === this.wasChecked) {
      // A second press on a verdict takes it back.
      this.wasChecked = null;
      event.target.checked = false;
      this.decided(section);
      this.settle();
      return;
    }
    if (event.target.closest("[data-fold]")) {
      section.classList.toggle("is-folded");
      this.settle();
      return;
    }
    const link = event.target.closest("[data-outline]");
    if (link) this.go(this.querySelector(`#s-${link.dataset.outline}`), false);
    else if (section) this.mark(section);
  }

  /** Fold an approved section; ask for words where a change is requested. */
  decided(section) {
    const verdict = this.verdict(section);
    section.classList.toggle("is-folded", verdict === "approved");
    this.mark(section);
    const title = section.querySelector("h2").textContent;
    if (verdict === "change_requested") section.querySelector(".change-request textarea").focus();
    announce(
      verdict === "approved" ? `${title} approved`
        : verdict === "open" ? `${title} undecided` : `Change requested in ${title}`,
    );
  }

  /** Give a verdict, or take the same one back. */
  give(section, value) {
    const box = section?.querySelector(`input[type=radio][value="${value}"]`);
    if (!box) return;
    box.checked = !box.checked;
    this.decided(section);
    this.settle();
  }

  /** Draw what the verdicts add up to. */
  settle() {
    for (const section of this.sections) {
      const folded = section.classList.contains("is-folded");
      const fold = section.querySelector("[data-fold]");
      fold?.setAttribute("aria-expanded", String(!folded));
      if (fold) {
        fold.textContent = folded ? "Show" : "";
        fold.classList.toggle("square", !folded);
        fold.setAttribute(
          "aria-label",
          `${folded ? "Show" : "Hide"} ${section.querySelector("h2").textContent}`,
        );
      }
    }
    if (!this.form) return;
    const counts = { approved: 0, change_requested: 0, open: 0 };
    for (const section of this.sections) {
      const verdict = this.verdict(section);
      counts[verdict] += 1;
      for (const mark of [
        section.querySelector(".state"),
        this.querySelector(`[data-outline="${section.dataset.section}"] .state`),
      ]) mark.dataset.state = verdict;
      const link = this.querySelector(`[data-outline="${section.dataset.section}"]`);
      const said = { approved: "approved", change_requested: "change requested", open: "undecided" };
      link.setAttribute("aria-label", `${section.querySelector("h2").textContent}, ${said[verdict]}`);
    }
    for (const [name, count] of Object.entries(counts)) {
      this.querySelector(`[data-count="${name}"]`).textContent = String(count);
    }
    const changes = counts.change_requested;
    this.querySelector("[data-noun]").textContent = changes === 1 ? "change requested" : "changes requested";
    this.querySelector("[data-progress-words]").textContent =
      `${this.sections.length - counts.open} of ${this.sections.length} decided`;
    this.progress(counts);
    this.remember();
    this.conclude(counts);
  }

  /** Which verdict is open to the reader, and why not the other. */
  conclude(counts) {
    const silent = this.sections.filter(
      (section) => this.verdict(section) === "change_requested"
        && !section.querySelector(".change-request textarea").value.trim(),
    );
    const standing = this.standing();
    const approve = this.querySelector("[data-approve]");
    const back = this.querySelector("[data-return]");
    const changes = counts.change_requested;
    approve.disabled = Boolean(changes || counts.open || standing);
    back.disabled = !changes || silent.length > 0;
    approve.classList.toggle("primary", !approve.disabled);
    back.classList.toggle("primary", !back.disabled);
    this.querySelector("[data-return-words]").textContent = changes
      ? `Return to ${this.dataset.owner} with ${changes} ${changes === 1 ? "change" : "changes"}`
      : `Return to ${this.dataset.owner}`;
    const missing = [];
    if (silent.length) {
      const names = silent.map((section) => section.querySelector("h2").textContent).join(", ");
      missing.push(`To return: say what should change in ${names}.`);
    } else if (changes) {
      missing.push("A requested change returns the plan.");
    } else {
      const steps = [];
      if (counts.open) steps.push(`decide ${counts.open} more ${counts.open === 1 ? "section" : "sections"}`);
      if (standing) steps.push(`lift ${standing} ${standing === 1 ? "blocker" : "blockers"}`);
      missing.push(steps.length ? `To approve: ${steps.join(", ")}.` : "Every section is approved and nothing blocks.");
    }
    const why = this.querySelector("#why");
    if (why.textContent !== missing[0]) why.textContent = missing[0];
  }

  /** Blockers that still stand: those a text must lift, and waivers not yet written. */
  standing() {
    return [...this.querySelectorAll(".lift")].filter((lift) => {
      const reason = lift.querySelector("textarea")?.value.trim() ?? "";
      const numbers = reason.replaceAll(",", ".").match(/\d+(\.\d+)?/g) ?? [];
      const hours = lift.dataset.hours;
      return !reason || (hours && !numbers.some((number) => Number(number) === Number(hours)));
    }).length;
  }

  progress(counts) {
    const kinds = [
      ...Array(counts.approved).fill("c-ok"),
      ...Array(counts.change_requested).fill("c-bad"),
    ];
    this.querySelectorAll("[data-progress] rect").forEach((cell, place) => {
      cell.setAttribute("class", kinds[place] ?? "c-track");
    });
  }

  mark(section) {
    for (const other of this.sections) other.classList.toggle("is-current", other === section);
    for (const link of this.querySelectorAll("[data-outline]")) {
      if (link.dataset.outline === section.dataset.section) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  go(section, move = true) {
    if (!section) return;
    this.steered = performance.now();
    this.mark(section);
    if (!move) return;
    section.scrollIntoView({ block: "nearest" });
    section.focus({ preventScroll: true });
  }

  /** Follow the reader: the current section has the focus, or lies where the eye is. */
  watch() {
    let asked = 0;
    addEventListener("scroll", () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        if (performance.now() - (this.steered ?? 0) < 500) return;
        const above = this.sections.filter(
          (section) => section.getBoundingClientRect().top < innerHeight * 0.35,
        );
        const seen = above.at(-1) ?? this.sections[0];
        if (seen && seen !== this.current) this.mark(seen);
      });
    }, { passive: true });
    this.addEventListener("focusin", (event) => {
      const section = event.target.closest("[data-section]");
      if (!section) return;
      this.steered = performance.now();
      this.mark(section);
    });
    const named = this.sections.find((section) => `#${section.id}` === location.hash);
    const first = this.sections.find((section) => this.verdict(section) === "open");
    const edited = this.querySelector(".edit")?.closest("[data-section]");
    const start = edited || named || first || this.sections[0];
    if (start) this.mark(start);
  }

  pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.form) {
      const ready = this.querySelector("[data-approve]:not([disabled]), [data-return]:not([disabled])");
      if (ready && !event.target.closest?.(".edit")) ready.click();
      return;
    }
    const key = singleKey(event);
    const sections = this.sections;
    const at = sections.indexOf(this.current);
    if (key === "j") this.go(sections[Math.min(at + 1, sections.length - 1)]);
    else if (key === "k") this.go(sections[Math.max(at - 1, 0)]);
    else if (key === "n" && this.form) {
      const order = [...sections.slice(at + 1), ...sections.slice(0, at + 1)];
      this.go(order.find((section) => this.verdict(section) === "open"));
    } else if (key === "a") this.give(this.current, "approved");
    else if (key === "r") {
      event.preventDefault();
      this.give(this.current, "change_requested");
    } else if (key === "c" && this.form) {
      event.preventDefault();
      if (this.verdict(this.current) !== "change_requested") this.give(this.current, "change_requested");
      else this.current.querySelector(".change-request textarea").focus();
    } else if (key === "e") {
      event.preventDefault();
      this.current?.querySelector("[data-edit]")?.click();
    }
  }
}

customElements.define("plan-review", PlanReview);
