// Shows each change of a run as the server tells it, and the answer once it is there.
const place = document.getElementById("progress");
const source = new EventSource(`/runs/${place.dataset.run}/events`);

source.onmessage = (event) => {
  const told = JSON.parse(event.data);
  document.getElementById("state").textContent = told.state;
  document.getElementById("ahead").textContent = told.ahead ? `, ${told.ahead} before it` : "";
  document.getElementById("words").textContent = told.words;
  const bar = document.getElementById("bar");
  if (told.total) {
    bar.max = told.total;
    bar.value = told.done;
  } else if (told.state === "running") {
    bar.removeAttribute("value"); // steps without a common measure
  }
  if (!told.is_under_way) {
    source.close();
    location.reload();
  }
};
