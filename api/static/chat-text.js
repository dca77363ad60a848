// An answer as plain text, for the clipboard.

/** The words of an answer, line by line, its marks in brackets. @param {Element} answer */
export function textOf(answer) {
  const lines = answer.querySelectorAll("[data-said] > p, .clarify, .asides li, figcaption, tr");
  return [...lines].map((line) => {
    const copy = /** @type {Element} */ (line.cloneNode(true));
    for (const mark of copy.querySelectorAll(".cite")) mark.textContent = `[${mark.textContent}]`;
    const cells = [...copy.querySelectorAll("th, td")].map((cell) => cell.textContent.trim());
    return cells.length ? cells.join("\t") : copy.textContent.replaceAll("\u00a0", " ").trim();
  }).join("\n");
}
