// Asks for a sketch and shows each answer as it comes; a new ask ends the one before.
const place = document.getElementById("answer");
const told = document.getElementById("told");
const far = document.getElementById("far");
const count = document.getElementById("futures");
const stop = document.getElementById("stop");
const spoken = document.getElementById("spoken");
const ticker = document.getElementById("ticker");
let under_way = null;

/** Put what the server made, where everything is escaped, in a place; what is open stays open. */
export function put(where, html) {
  const open = [...where.querySelectorAll("details")].map((d) => d.open);
  where.innerHTML = html;
  where.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? false; });
}

function say(words) {
  count.textContent = words;
}

function show(event) {
  if (event.note) return say(event.note);
  if (event.html !== undefined) {
    put(told, event.html);
  }
  if (event.futures) {
    far.value = event.futures;
    say(`${event.futures.toLocaleString("en")} futures of each policy`);
  }
  if (ticker && event.spoken) ticker.firstElementChild.textContent = event.spoken;
  if (event.spoken && (event.is_first || event.last)) spoken.textContent = event.spoken;
}

/** Ask, and call `first` when the first answer is shown; a later ask ends this one. */
export async function ask(question, first = () => {}) {
  under_way?.abort();
  const mine = new AbortController();
  under_way = mine;
  place.classList.add("working");
  stop.hidden = false;
  if (far.value === 0) say("Asking…");
  let answers = 0;
  try {
    const reply = await fetch("/sketch", {
      method: "POST",
      headers: { "content-type": "application/json", "x-token": place.dataset.token },
      body: JSON.stringify(question),
      signal: mine.signal,
    });
    if (!reply.ok) throw Object.assign(new Error(), { is_locked: reply.status === 401 });
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const { value, done } = await reader.read();
      if (done) break;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const event = JSON.parse(part.slice(6));
        show({ ...event, is_first: answers === 0 });
        if (event.futures && answers++ === 0) first(event); // problems are no answer
      }
    }
  } catch (error) {
    if (mine.signal.aborted) return;
    say(error.is_locked
      ? "No answer: the server has a new token. Open the page again with it."
      : "No answer: the server cannot be reached. Move something to ask again.");
  } finally {
    if (under_way === mine) {
      under_way = null;
      stop.hidden = true;
      place.classList.remove("working");
    }
  }
}

stop.addEventListener("click", () => {
  under_way?.abort();
  under_way = null;
  stop.hidden = true;
  place.classList.remove("working");
  say(`${count.textContent}, stopped`);
});
document.documentElement.classList.add("js");
