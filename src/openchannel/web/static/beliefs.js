// Sliders and boxes: each move redraws its curve and asks for a new answer.
import { ask, put } from "./sketch.js";

const form = document.getElementById("beliefs");
const rows = [...form.querySelectorAll(".belief")];
const setting = (name) => form.elements[name].value;
let shown = null; // what was moved when the last answer came
let timer = 0;

const number = (text) => (text.trim() === "" ? NaN : Number(text.replace("−", "-")));
const short = (x) => Number(x.toPrecision(3));

class Row {
  constructor(element) {
    this.element = element;
    this.id = element.dataset.row;
    for (const name of ["low", "high", "least", "most"]) this[name] = Number(element.dataset[name]);
    this.ratio = element.dataset.ratio === "yes";
    this.box = { low: element.querySelector(".low"), high: element.querySelector(".high") };
    this.slide = element.querySelector(".slide");
    this.back = element.querySelector(".back");
    this.path = element.querySelector("path.now");
    this.files = element.querySelector(".files");
    this.drawing = null;
    this.place();
    this.mark();
    this.slide.addEventListener("input", () => { this.follow(); this.changed(); });
    for (const box of [this.box.low, this.box.high]) {
      box.addEventListener("input", () => { this.place(); this.changed(); });
    }
    this.back.addEventListener("click", () => { this.reset(); this.changed(); this.box.low.focus(); });
  }
  get ends() { return [number(this.box.low.value), number(this.box.high.value)]; }
  get is_moved() { const [a, b] = this.ends; return a !== this.low || b !== this.high; }
  scale(share) {
    return this.ratio ? this.least * (this.most / this.least) ** share
      : this.least + share * (this.most - this.least);
  }
  share(x) {
    return this.ratio ? Math.log(x / this.least) / Math.log(this.most / this.least)
      : (x - this.least) / (this.most - this.least);
  }
  /** The slider to the middle of the range. */
  place() {
    const [a, b] = this.ends;
    const middle = (this.share(a) + this.share(b)) / 2;
    if (Number.isFinite(middle)) this.slide.value = String(Math.round(1000 * middle));
    this.slide.setAttribute("aria-valuetext", `${this.box.low.value} to ${this.box.high.value}`);
  }
  /** The range to the slider, as wide as it was, kept within the scale. */
  follow() {
    const [a, b] = this.ends.map((x) => this.share(x));
    const half = Number.isFinite(b - a) ? (b - a) / 2 : 0;
    const middle = Math.min(1 - half, Math.max(half, this.slide.value / 1000));
    this.box.low.value = String(short(this.scale(middle - half)));
    this.box.high.value = String(short(this.scale(middle + half)));
    this.slide.setAttribute("aria-valuetext", `${this.box.low.value} to ${this.box.high.value}`);
  }
  reset() {
    this.box.low.value = String(this.low);
    this.box.high.value = String(this.high);
    this.place();
  }
  mark() {
    this.element.classList.toggle("moved", this.is_moved);
    this.back.hidden = !this.is_moved;
  }
  changed() { this.mark(); this.draw(); later(); }
  async draw() {
    const [low, high] = this.ends;
    if (!Number.isFinite(low) || !Number.isFinite(high)) return this.fault(true);
    this.drawing?.abort();
    this.drawing = new AbortController();
    const asked = new URLSearchParams({ row: this.id, start: setting("start"), low, high });
    try {
      const reply = await fetch(`/beliefs/curve?${asked}`, { signal: this.drawing.signal });
      const curve = await reply.json();
      this.fault(!reply.ok);
      if (!reply.ok) return;
      this.path.setAttribute("d", curve.d);
      put(this.files, curve.files);
    } catch { /* a later move has taken its place */ }
  }
  fault(is) {
    for (const box of [this.box.low, this.box.high]) box.setAttribute("aria-invalid", String(is));
  }
}

const all = rows.map((element) => new Row(element));

function moved() {
  const found = {};
  for (const row of all) if (row.is_moved && row.ends.every(Number.isFinite)) found[row.id] = row.ends;
  return found;
}

const switches = [...form.querySelectorAll('[name="off"]')];
const off = () => switches.filter((s) => s.checked).map((s) => s.value);

function query(now) {
  const asked = new URLSearchParams();
  for (const name of ["start", "policy", "baseline", "overlay", "seed"]) {
    if (setting(name)) asked.set(name, setting(name));
  }
  for (const [id, [low, high]] of Object.entries(now)) {
    asked.set(`${id}.low`, low);
    asked.set(`${id}.high`, high);
  }
  if (off().length) asked.set("off", off().join(","));
  return `?${asked}`;
}

function now_ask() {
  const now = moved();
  const to = query(now);
  history.replaceState(null, "", `/beliefs${to}`);
  document.getElementById("file").href = `/beliefs/own.yaml${to}`;
  document.getElementById("run").href = `/new${to}`;
  const asked = {
    start: setting("start"), policy: setting("policy"), baseline: setting("baseline"),
    overlay: setting("overlay"), seed: Number(setting("seed")), moved: now, off: off(), before: shown,
  };
  ask(asked, () => { shown = { moved: now, off: asked.off }; });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(now_ask, 60);
}

form.addEventListener("submit", (event) => event.preventDefault());
// Another start opens the page anew; an arrow key goes on from where it was.
if (location.hash === "#start") document.getElementById("start").focus();
document.getElementById("start").addEventListener("change", () => {
  location.href = `/beliefs${query(moved())}#start`;
});
for (const name of ["policy", "baseline", "overlay", "seed"]) {
  form.elements[name].addEventListener("change", () => { shown = null; later(); });
}
for (const one of switches) one.addEventListener("change", later);
document.getElementById("reset").addEventListener("click", () => {
  for (const row of all) if (row.is_moved) { row.reset(); row.mark(); row.draw(); }
  for (const one of switches) one.checked = false;
  later();
});

const find = document.getElementById("find");
find.hidden = false;
// Groups without beliefs, such as the claims of the ledger, are none of the search's.
const groups = [...form.querySelectorAll(".group")].filter((g) => g.querySelector(".belief"));
const opened = new Map(groups.map((g) => [g, g.open]));
const only = document.getElementById("only");
function sift() {
  const words = find.value.trim().toLowerCase();
  for (const row of all) {
    const text = `${row.id} ${row.element.querySelector(".name").textContent}`.toLowerCase();
    row.element.hidden = !text.includes(words) || (only.checked && !row.is_moved);
  }
  for (const [group, was] of opened) {
    const any = group.querySelector(".belief:not([hidden])") !== null;
    group.hidden = !any;
    group.open = words === "" && !only.checked ? was : any;
  }
}
find.addEventListener("input", sift);
only.addEventListener("change", sift);

now_ask();
