// The list's selection: how many are chosen, all of a page at once, and comparing only two to five.

const form = document.querySelector("[data-selection]");

if (form) {
  const boxes = [...form.querySelectorAll("input[name=ids]")];
  const all = form.querySelector("[data-all]");
  const chosen = form.querySelector("[data-chosen]");
  const compare = form.querySelector("[data-compare]");
  all.hidden = false;

  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    chosen.textContent = count ? chosen.dataset.some.replace("{n}", count) : chosen.dataset.none;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    compare.setAttribute("aria-disabled", String(count < 2 || count > 5));
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  compare.addEventListener("click", (event) => {
    if (compare.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  // A browser that goes back restores the boxes after the page's scripts ran.
  addEventListener("pageshow", show);
  show();
}

// Fields left empty stay out of the address.
document.querySelector("[data-filters]")?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

// What the list is sorted by, its template and status take effect at once.
for (const select of document.querySelectorAll("#sort, #template, #status")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
