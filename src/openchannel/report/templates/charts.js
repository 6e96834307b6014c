// Draws the charts of the brief in place of their static pictures; without this script those stay.
const specs = JSON.parse(document.getElementById("chart-data").textContent);
const darkColours = JSON.parse(document.getElementById("chart-dark").textContent);
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
const narrowest = 140;

function coloured(spec) {
  let text = JSON.stringify(spec);
  if (darkness.matches) {
    for (const [light, dark] of Object.entries(darkColours)) text = text.replaceAll(light, dark);
  }
  return JSON.parse(text);
}

function narrowed(spec, by) {
  for (const view of spec.vconcat ?? [spec]) {
    if (typeof view.width === "number") view.width = Math.max(narrowest, view.width - by);
  }
  return spec;
}

async function draw(place) {
  const live = place.querySelector(".live");
  const options = {
    ast: true, renderer: "svg", actions: false,
    tooltip: { theme: darkness.matches ? "dark" : "light" },
  };
  const source = specs[place.dataset.chart];
  place.classList.add("drawn");
  await window.vegaEmbed(live, coloured(source), options);
  const room = place.clientWidth;
  const excess = (live.querySelector("svg")?.getBoundingClientRect().width ?? 0) - room;
  const natural = Number(live.querySelector("svg")?.getAttribute("width") ?? 0) - room;
  const by = Math.ceil(Math.max(excess, natural));
  if (by > 0) await window.vegaEmbed(live, narrowed(coloured(source), by), options);
}

async function drawAll() {
  for (const place of document.querySelectorAll("[data-chart]")) {
    try {
      await draw(place);
    } catch (error) {
      place.classList.remove("drawn");
      console.error(error);
    }
  }
}

function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) {
    if (at.tagName === "DETAILS") at.open = true;
  }
  target.scrollIntoView();
}

let lastWidth = 0;
let waiting = 0;
new ResizeObserver(() => {
  const width = document.querySelector("main").clientWidth;
  if (Math.abs(width - lastWidth) < 8) return;
  lastWidth = width;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 120);
}).observe(document.querySelector("main"));
darkness.addEventListener("change", drawAll);
window.addEventListener("hashchange", reveal);
reveal();
