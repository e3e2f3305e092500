// What is typed into the form of a bulletin shows on the paper beside it; the server makes the same page when it is saved.
const form = document.querySelector("[data-bulletin]");
const show = (field) => {
  for (const place of document.querySelectorAll(`[data-paper="${field.dataset.words}"]`)) {
    if (field.tagName === "TEXTAREA") {
      const paragraphs = field.value.split("\n").map((text) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = text;
        return paragraph;
      });
      place.replaceChildren(...paragraphs);
    } else {
      place.textContent = field.value;
    }
  }
};
for (const field of form?.querySelectorAll("[data-words]") ?? []) {
  field.addEventListener("input", () => show(field));
}
