// Shows the brief anew as parts are ticked; without this script the button does it.
const form = document.getElementById("parts");
let waiting = 0;
form.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(form.querySelector("button")), 300);
});
