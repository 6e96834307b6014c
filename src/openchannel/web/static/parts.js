// Says in its place where a part of the page is waited for in vain.
const say = ({ detail }, words) => { detail.target.textContent = words; };
document.body.addEventListener("htmx:responseError", (event) => say(event, event.detail.xhr.status === 401
  ? "The server has a new token. Open the page again with it."
  : "This could not be made; the server's window says why."));
document.body.addEventListener("htmx:sendError", (event) => say(event, "The server does not answer."));
