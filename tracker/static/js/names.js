// Several names in one field, 、 between them: the list offers a name for the last one.
for (const field of document.querySelectorAll("[data-names]")) {
  const names = [...field.list.options].map((option) => option.value);
  const list = document.createElement("datalist");
  list.id = `${field.id}-names`;
  field.after(list);
  field.setAttribute("list", list.id);
  const offer = () => {
    const cut = field.value.search(/[^、，,；;]*$/);
    const said = field.value.slice(0, cut);
    const typed = field.value.slice(cut).trim();
    const taken = new Set(said.split(/[、，,；;]/));
    const near = names.filter((name) => name.includes(typed) && !taken.has(name)).slice(0, 20);
    list.replaceChildren(...near.map((name) => new Option(name, said + name)));
  };
  field.addEventListener("input", offer);
  field.addEventListener("focus", offer);
}
