// SPDX-License-Identifier: GPL-3.0-or-later
// A chart as a file of its own: with its title and, below it, what spread it shows and its footer; on
// white, and as wide as a slide likes it.
import { look } from "./look.js";

const size = { width: 760, height: 320 };
const titleSize = 16, noteSize = 11; // of their fonts

export const slideLook = { ...look, background: "white" };

// How many letters of a font stand in a line; a wide character counts as two.
const letters = (fontSize) => Math.floor(size.width / (0.56 * fontSize));
const length = (text) => [...text].reduce((n, c) => n + (c.codePointAt(0) > 0x2e7f ? 2 : 1), 0);

// The text in lines that are broken at blanks, none longer than the chart is wide where that can be.
function lines(text, fontSize) {
  const broken = [];
  for (const word of text.split(" ")) {
    const longer = broken.length > 0 ? `${broken.at(-1)} ${word}` : word;
    if (broken.length > 0 && length(longer) <= letters(fontSize)) broken[broken.length - 1] = longer;
    else broken.push(word);
  }
  return broken;
}

// The specification of a chart {spec, title, notes}.
export function slideOf({ spec, title, notes }) {
  return {
    ...spec,
    width: size.width,
    height: Math.max(spec.height, size.height),
    padding: 16,
    title: {
      text: lines(title, titleSize), fontSize: titleSize,
      subtitle: notes.flatMap((note) => lines(note, noteSize)), subtitleFontSize: noteSize, subtitlePadding: 6,
      anchor: "start", frame: "group", offset: 12,
    },
  };
}
