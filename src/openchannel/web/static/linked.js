// Draws the front in place of its picture, so that a brush in one plot dims the others in all.
// Without this script the picture and the table stay.
const place = document.getElementById("plots");
const picture = place.querySelector(".picture");
const clear = document.getElementById("clear");
const rows = [...document.querySelectorAll("#aims tbody tr")];
const boxes = [...document.querySelectorAll("#aims .mark-row")];
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
const { light, dark } = JSON.parse(place.dataset.spec);
const points = light.data.values;
let view = null;

function coloured() {
  let text = JSON.stringify(light);
  if (darkness.matches) {
    for (const [from, to] of Object.entries(dark)) text = text.replaceAll(from, to);
  }
  const spec = JSON.parse(text);
  if (place.clientWidth < 700) {
    spec.columns = 1;
    for (const plot of spec.concat) plot.width = Math.max(180, place.clientWidth - 120);
  }
  return spec;
}

function isInside(point, ranges) {
  return Object.entries(ranges).every(([field, [a, b]]) =>
    point[field] >= Math.min(a, b) && point[field] <= Math.max(a, b));
}

function dim(ids) {
  for (const row of rows) row.classList.toggle("dim", ids !== null && !ids.has(row.dataset.id));
  clear.hidden = ids === null;
}

function brushed(_name, ranges) {
  const isSet = ranges && Object.keys(ranges).length > 0;
  dim(isSet ? new Set(points.filter((p) => isInside(p, ranges)).map((p) => p.id)) : null);
}

async function ticked() {
  const ids = boxes.filter((b) => b.checked).map((b) => b.value);
  await view?.signal("marked", ids).runAsync();
  dim(ids.length ? new Set(ids) : null);
}

async function draw() {
  const live = document.createElement("div");
  live.className = "live";
  live.setAttribute("aria-hidden", "true"); // the words of the picture and the table say the same
  const options = {
    ast: true, renderer: "svg", actions: false, defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };
  picture.querySelector(".live")?.remove();
  picture.append(live);
  const result = await window.vegaEmbed(live, coloured(), options);
  view = result.view;
  view.addSignalListener("brush", brushed);
  picture.setAttribute("aria-label", place.dataset.alt);
  picture.classList.add("drawn");
  await ticked();
}

for (const box of boxes) box.addEventListener("change", ticked);
clear.addEventListener("click", async () => {
  for (const box of boxes) box.checked = false;
  dim(null);
  await draw();
});
darkness.addEventListener("change", draw);
draw();
