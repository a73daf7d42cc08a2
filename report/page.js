// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the charts of a page. Everything else on it is plain HTML.
import embed from "vega-embed";
import { look } from "./look.js";
import { addMenu } from "./menu.js";

const words = document.querySelector("main").dataset;
const views = {};

async function draw(place) {
  const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
  const figure = place.closest("figure");
  const { view } = await embed(place, spec, { mode: "vega-lite", renderer: "svg", config: look, actions: false });
  addMenu(figure, spec, words);
  views[figure.id] = view;
}

// Views by chart, and when all of them stand: for whoever wants to look at the data.
window.ltvsim = {
  views,
  ready: Promise.all([...document.querySelectorAll(".chart")].map(draw)),
};
