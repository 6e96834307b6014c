// A policy in words while it is typed; what follows is played when it is asked for.
import { ask } from "./sketch.js";

const form = document.getElementById("policies");
const words = document.getElementById("words");
const play = document.getElementById("play");
let draft = null; // the policy as it was last read without a problem
let asking = null;
let timer = 0;
let is_played = false;

const query = () => `?${new URLSearchParams(new FormData(form))}`;

async function read() {
  asking?.abort();
  asking = new AbortController();
  const to = query();
  history.replaceState(null, "", `/policies${to}`);
  document.getElementById("file").href = `/policies/policy.yaml${to}`;
  document.getElementById("run").href = `/new${to}`;
  try {
    const reply = await fetch(`/policies/told${to}`, { signal: asking.signal });
    const told = await reply.json();
    words.innerHTML = told.html; // made by the server, where everything is escaped
    draft = told.text ? told : null;
    play.disabled = draft === null;
    if (is_played && draft) follow();
  } catch (error) {
    if (error.name === "AbortError") return; // a later keystroke has taken its place
    words.textContent = "The server does not answer. Type something to ask again.";
    draft = null;
    play.disabled = true;
  }
}

function follow() {
  is_played = true;
  const value = (name) => form.elements[name].value;
  ask({
    policy: draft.id, own_policy: draft.text, from_policy: value("from"),
    baseline: value("baseline"), beliefs: value("beliefs"), overlay: value("overlay"),
    seed: Number(value("seed")),
  });
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  if (event.target.name === "from") return;
  clearTimeout(timer);
  timer = setTimeout(read, 60);
});
form.elements.from.addEventListener("change", () => {
  const kept = new URLSearchParams();
  for (const name of ["from", "baseline", "beliefs", "overlay", "seed"]) {
    kept.set(name, form.elements[name].value);
  }
  location.href = `/policies?${kept}#from`; // an arrow key goes on from where it was
});
play.addEventListener("click", () => { if (draft) follow(); });
read();
