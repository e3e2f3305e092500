// Ticks in the ledger outlive the page: they are kept for each list of filters until they were acted on.
const KEPT = "ledger-selection:";

function kept(name) {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(name) || "[]"));
  } catch {
    return new Set();
  }
}

function keep(name, keys) {
  try {
    sessionStorage.setItem(name, JSON.stringify([...keys]));
  } catch {
    // Without storage the ticks of this page still count.
  }
}

for (const form of document.querySelectorAll("form[data-selection]")) {
  const name = KEPT + form.dataset.selection;
  const keys = kept(name);
  const boxes = [...form.querySelectorAll("input[name=key]")];
  const all = form.querySelector("input[name=all]");
  const words = form.querySelector("[data-chosen]");
  const page = form.querySelector("[data-tick-page]");
  const plain = words.textContent;

  const say = () => {
    const here = boxes.filter((box) => box.checked).length;
    words.textContent = all.checked
      ? words.dataset.all
      : keys.size
        ? words.dataset.words.replace("{count}", keys.size).replace("{here}", here)
        : plain;
  };
  const note = () => {
    for (const box of boxes) {
      if (box.checked) keys.add(box.value);
      else keys.delete(box.value);
    }
    keep(name, keys);
    say();
  };

  for (const box of boxes) {
    if (keys.has(box.value)) box.checked = true;
    box.addEventListener("change", note);
  }
  all.addEventListener("change", say);
  page.hidden = false;
  page.addEventListener("click", () => {
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
    note();
  });
  form.addEventListener("formdata", (event) => {
    const here = new Set(boxes.map((box) => box.value));
    for (const key of keys) if (!here.has(key)) event.formData.append("key", key);
  });
  say();
}

for (const form of document.querySelectorAll("form[data-ends-selection]")) {
  form.addEventListener("submit", () => {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(KEPT)) sessionStorage.removeItem(name);
  });
}
