// Says in its place where a part of the page is waited for in vain.
for (const [event, words] of [
  ["htmx:responseError", "This could not be made; the server's window says why."],
  ["htmx:sendError", "The server does not answer."],
]) document.body.addEventListener(event, ({ detail }) => { detail.target.textContent = words; });
