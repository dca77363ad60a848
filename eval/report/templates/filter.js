// Without script every case shows; with it, a reader narrows them down.
const form = document.querySelector(".filter");
const cases = [...document.querySelectorAll(".case")];
const narrow = () => {
  const { family, words, fell } = form.elements;
  const wanted = words.value.trim().toLowerCase();
  let shown = 0;
  for (const one of cases) {
    one.hidden =
      (family.value && one.dataset.family !== family.value) ||
      (fell?.checked && !("fell" in one.dataset)) ||
      (wanted && !one.textContent.toLowerCase().includes(wanted));
    shown += !one.hidden;
  }
  form.querySelector("[role=status]").textContent = `${shown} of ${cases.length} shown`;
};
form.hidden = false;
form.addEventListener("input", narrow);
form.addEventListener("submit", (event) => event.preventDefault());
