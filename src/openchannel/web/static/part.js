// Puts a part of the page in its place once the server has it.
const place = document.getElementById("part");

try {
  const answer = await fetch(place.dataset.from);
  if (answer.ok) place.innerHTML = await answer.text();
  else place.textContent = "This could not be made; the server's window says why.";
} catch {
  place.textContent = "The server does not answer.";
}
