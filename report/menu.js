// SPDX-License-Identifier: GPL-3.0-or-later
// The menu by which a chart is saved: as a picture for slides, or as the specification it is drawn
// from. A button that opens a list of buttons, so that a keyboard works it as a mouse does.
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { slideLook, slideOf } from "./slide.js";

const dots = '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">' +
  '<circle cx="8" cy="3" r="1.6"/><circle cx="8" cy="8" r="1.6"/><circle cx="8" cy="13" r="1.6"/></svg>';

function slideIn(figure, spec) {
  const notes = [...figure.querySelectorAll(".spread, figcaption")].map((note) => note.textContent);
  return slideOf({ spec, title: figure.querySelector("h3").textContent, notes });
}

function view(slide) {
  return new View(parse(compile(slide, { config: slideLook }).spec), { renderer: "none" });
}

// What each kind of file holds, as a Blob.
const contents = {
  svg: async (slide) => new Blob([await view(slide).toSVG()], { type: "image/svg+xml" }),
  png: async (slide) => {
    const canvas = await view(slide).toCanvas(2);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  },
  json: async (slide) => new Blob([JSON.stringify({ ...slide, config: slideLook }, null, 2)], { type: "application/json" }),
};

async function save(figure, spec, kind) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await contents[kind](slideIn(figure, spec)));
  link.download = `${figure.id}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000); // some browsers read it after the click
}

function close(menu, returnFocus) {
  menu.open = false;
  if (returnFocus) menu.querySelector("summary").focus();
}

// Adds the menu to a chart. words: {actions, svg, png, source}.
export function addMenu(figure, spec, words) {
  const heading = figure.querySelector("h3");
  const name = `${words.actions}: ${heading.textContent}`;
  const menu = document.createElement("details");
  menu.className = "save";
  const opener = document.createElement("summary");
  opener.innerHTML = `${dots}<span class="unseen"></span>`;
  opener.lastChild.textContent = name;
  opener.title = words.actions;
  const list = document.createElement("div");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", name);
  for (const [kind, word] of [["svg", words.svg], ["png", words.png], ["json", words.source]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", () => save(figure, spec, kind).then(() => close(menu, true)));
    list.append(button);
  }
  menu.append(opener, list);
  menu.addEventListener("keydown", (e) => e.key === "Escape" && menu.open && close(menu, true));
  menu.addEventListener("focusout", (e) => e.relatedTarget && !menu.contains(e.relatedTarget) && close(menu, false));
  document.addEventListener("pointerdown", (e) => menu.contains(e.target) || close(menu, false));
  heading.after(menu);
}
