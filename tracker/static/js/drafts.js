// Saves what is typed into a form with data-draft: three seconds after the last key stroke, and on leaving the page.
const PAUSE = 3000;

for (const form of document.querySelectorAll("form[data-draft]")) watch(form);

function watch(form) {
  const line = form.querySelector("[data-draft-line]");
  let timer = 0;
  let unsaved = false;

  async function save() {
    unsaved = false;
    try {
      const answer = await send(form);
      if (answer.ok) say(line, line.dataset.saved.replace("%time%", clock()));
      // A page that redirects to the door: the session has ended. The words stay in the form and go with it.
      else say(line, answer.type === "opaqueredirect" || answer.status === 401 ? line.dataset.ended : line.dataset.failed);
    } catch {
      say(line, line.dataset.failed);
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    unsaved = false;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (unsaved) send(form, true);
  });
}

function send(form, leaving = false) {
  const words = new FormData(form);
  words.delete("files");
  return fetch(form.dataset.draft, {
    method: "POST",
    body: words,
    redirect: "manual",
    keepalive: leaving,
    headers: { "X-Requested-With": "fetch" },
  });
}

function say(line, words) {
  if (line) line.textContent = words;
}

function clock() {
  const now = new Date();
  return [now.getHours(), now.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
