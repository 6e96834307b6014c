// Shows the network of another day as the slider moves; without this script the button does it.
const slider = document.getElementById("slider");
const day = document.getElementById("on");
const place = document.getElementById("part");
let wanted = "";
let isBusy = false;

function dayOf(quarter) {
  const year = 1989 + Math.floor(quarter / 4);
  const month = String((quarter % 4) * 3 + 1).padStart(2, "0");
  const found = `${year}-${month}-01`;
  return Number(slider.value) === Number(slider.max) ? slider.dataset.end : found;
}

// One request at a time: what was passed over while the server drew is left out.
async function show() {
  if (isBusy) return;
  isBusy = true;
  while (wanted) {
    const asked = wanted;
    wanted = "";
    const answer = await fetch(`/record/network/part?on=${asked}`);
    const text = await answer.text();
    if (!wanted) {
      place.innerHTML = text;
      history.replaceState(null, "", `?on=${asked}`);
    }
  }
  isBusy = false;
}

slider.addEventListener("input", () => {
  day.value = dayOf(Number(slider.value));
  slider.setAttribute("aria-valuetext", day.value);
  wanted = day.value;
  show();
});
slider.setAttribute("aria-valuetext", day.value);
