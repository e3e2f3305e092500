// Makes photographs small before they are sent: redrawn on a canvas, they carry neither place nor camera.
const LONGEST = 1600;
const QUALITY = 0.8;

const PREVIEW = 192;

for (const form of document.querySelectorAll("form[data-photos]")) watch(form);

function watch(form) {
  const input = form.querySelector("input[type=file]");
  let turn = 0;
  input.addEventListener("change", async () => {
    const mine = ++turn;
    const chosen = [...input.files];
    await shrink(form, input, chosen, () => mine === turn);
  });
}

async function shrink(form, input, chosen, isLatest) {
  const said = form.querySelector("[data-said]");
  const previews = form.querySelector("[data-previews]");
  const button = form.querySelector("button:not([type=button])");
  previews.replaceChildren();
  said.textContent = chosen.length ? said.dataset.busy : "";
  // Nothing is sent while it is redrawn: the originals would go instead.
  button.disabled = chosen.length > 0;
  const made = [];
  // One after another: ten large photographs at once are too much for a phone.
  for (const file of chosen) {
    made.push(await redrawn(file));
    // Others were chosen meanwhile: theirs is the field, the button and the words.
    if (!isLatest()) return;
  }
  button.disabled = false;
  if (!chosen.length) return;
  // What could not be redrawn goes as it is; the server decides.
  const bag = new DataTransfer();
  made.forEach((each, place) => bag.items.add(each?.file ?? chosen[place]));
  input.files = bag.files;
  const done = made.filter(Boolean);
  previews.replaceChildren(...done.map((each) => each.preview));
  const size = `${Math.max(1, Math.round(done.reduce((sum, each) => sum + each.file.size, 0) / 1024))} KB`;
  const words = done.length ? [said.dataset.done.replace("%count%", done.length).replace("%size%", size)] : [];
  if (done.length < chosen.length) words.push(said.dataset.left.replace("%count%", chosen.length - done.length));
  said.textContent = words.join(" ");
  rememberDay(form, chosen);
}

async function redrawn(file) {
  try {
    // The picture is turned as the camera was held, for what says so is left behind.
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = drawn(picture, picture.width, picture.height, LONGEST);
    picture.close();
    const preview = drawn(canvas, canvas.width, canvas.height, PREVIEW);
    const blob = await new Promise((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
    // Some phones give the memory of a canvas back only when it has no size.
    canvas.width = canvas.height = 0;
    if (!blob) return null;
    return { file: new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" }), preview };
  } catch {
    return null;
  }
}

function drawn(picture, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// The day of the newest photograph at the office, unless somebody has chosen one or it lies ahead.
function rememberDay(form, files) {
  const field = form.querySelector("[name=taken_on]");
  if (!field || field.value !== field.defaultValue) return;
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });
  const newest = Math.max(...files.map((file) => file.lastModified));
  if (newest <= Date.now()) field.value = day.format(newest);
}
