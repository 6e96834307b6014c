// Names the day that the slider stands at, as its numbers count quarters.
const slider = document.getElementById("slider");
function name() {
  slider.setAttribute("aria-valuetext", document.getElementById("on").value);
}
slider.addEventListener("htmx:afterRequest", name);
name();
