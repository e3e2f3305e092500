// Makes photographs small before they are sent: redrawn on a canvas, they carry neither place nor camera.
const LONGEST = 1600;
const QUALITY = 0.8;

for (const form of document.querySelectorAll("form[data-photos]")) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", () => shrink(form, input));
}

async function shrink(form, input) {
  const said = form.querySelector("[data-said]");
  const previews = form.querySelector("[data-previews]");
  const button = form.querySelector("button:not([type=button])");
  const chosen = [...input.files];
  if (!chosen.length) return;
  previews.replaceChildren();
  said.textContent = said.dataset.busy;
  button.disabled = true;
  const made = await Promise.all(chosen.map((file) => redrawn(file, previews)));
  button.disabled = false;
  // What could not be redrawn goes as it is; the server decides.
  const bag = new DataTransfer();
  made.forEach((file, place) => bag.items.add(file ?? chosen[place]));
  input.files = bag.files;
  const done = made.filter(Boolean);
  const size = `${Math.max(1, Math.round(done.reduce((sum, file) => sum + file.size, 0) / 1024))} KB`;
  const words = done.length ? [said.dataset.done.replace("%count%", done.length).replace("%size%", size)] : [];
  if (done.length < chosen.length) words.push(said.dataset.left.replace("%count%", chosen.length - done.length));
  said.textContent = words.join(" ");
  rememberDay(form, chosen);
}

async function redrawn(file, previews) {
  try {
    // The picture is turned as the camera was held, for what says so is left behind.
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
    if (!blob) return null;
    previews.append(canvas);
    return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
  } catch {
    return null;
  }
}

// The day of the newest photograph, unless somebody has chosen one or it lies ahead.
function rememberDay(form, files) {
  const day = form.querySelector("[name=taken_on]");
  if (!day || day.value !== day.defaultValue) return;
  const newest = new Date(Math.max(...files.map((file) => file.lastModified)));
  const text = `${newest.getFullYear()}-${String(newest.getMonth() + 1).padStart(2, "0")}-${String(newest.getDate()).padStart(2, "0")}`;
  if (newest <= new Date()) day.value = text;
}
