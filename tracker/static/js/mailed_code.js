// The code of a mailed link stands behind its #, which no server sees: it goes into the form and out of the address.
const form = document.querySelector("[data-mailed-code]");
const code = decodeURIComponent(window.location.hash.slice(1));
if (form && code) {
  form.elements.code.value = code;
  history.replaceState(null, "", window.location.pathname);
  form.elements.new.focus();
}
