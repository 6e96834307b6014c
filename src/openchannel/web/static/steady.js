// Pictures come in late and push down what is below them: what the keyboard stands on stays in view.
let held = null;
const moves = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "]);
const release = () => { held = null; }; // whoever moves the page has chosen what to see

addEventListener("focusin", ({ target }) => { held = target.matches(":focus-visible") ? target : null; });
addEventListener("keydown", ({ key }) => { if (moves.has(key)) release(); });
for (const kind of ["wheel", "touchmove", "pointerdown"]) addEventListener(kind, release, { passive: true });
document.addEventListener("load", ({ target }) => {
  if (target instanceof HTMLImageElement) held?.scrollIntoView({ block: "nearest" });
}, true);
