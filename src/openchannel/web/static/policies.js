// What follows from a policy is played when it is asked for, and again when the policy changes.
import { ask } from "./sketch.js";

const form = document.getElementById("policies");
const play = document.getElementById("play");
const draft = () => document.getElementById("draft"); // none while there is a problem
let is_played = false;

function follow() {
  is_played = true;
  const value = (name) => form.elements[name].value;
  ask({
    policy: draft().dataset.id, own_policy: draft().textContent, from_policy: value("from"),
    baseline: value("baseline"), beliefs: value("beliefs"), overlay: value("overlay"),
    seed: Number(value("seed")),
  });
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("htmx:afterRequest", ({ detail }) => {
  play.disabled = !draft();
  if (is_played && draft() && detail.successful) follow();
});
// Another policy opens the page anew; an arrow key goes on from where it was.
if (location.hash === "#from") form.elements.from.focus();
form.elements.from.addEventListener("input", (event) => event.stopPropagation());
form.elements.from.addEventListener("change", () => {
  const kept = new URLSearchParams();
  for (const name of ["from", "baseline", "beliefs", "overlay", "seed"]) {
    kept.set(name, form.elements[name].value);
  }
  location.href = `/policies?${kept}#from`;
});
play.addEventListener("click", () => { if (draft()) follow(); });
play.disabled = !draft();
