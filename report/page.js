// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the charts of a page. Everything else on it is plain HTML.
import embed from "vega-embed";
import { look } from "./look.js";
import { addMenu } from "./menu.js";

const words = document.querySelector("main").dataset;
const views = {}, heights = {};

// A chart takes its width in one run, and in another the room that its legend and labels need then.
async function layOut(view) {
  await view.runAsync();
  await view.resize().runAsync();
}

async function draw(place) {
  const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
  const figure = place.closest("figure");
  const { view } = await embed(place, spec, { mode: "vega-lite", renderer: "svg", config: look, actions: false });
  await layOut(view);
  addMenu(figure, spec, words);
  views[figure.id] = view;
  heights[figure.id] = view.height();
}

// Views by chart, and when all of them stand: for whoever wants to look at the data.
window.ltvsim = {
  views,
  ready: Promise.all([...document.querySelectorAll(".chart")].map(draw)),
};

let waiting;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => Object.values(views).forEach(layOut), 150);
});

// On paper a chart is half as wide as the page and flatter: drawn for that, its letters stay legible.
const printed = { width: 440, flatter: 0.75 };
window.addEventListener("beforeprint", () => {
  for (const id in views) layOut(views[id].width(printed.width).height(printed.flatter * heights[id]));
});
window.addEventListener("afterprint", () => {
  for (const id in views) views[id].height(heights[id]);
  window.dispatchEvent(new Event("resize")); // by which charts take the width of their place
});
