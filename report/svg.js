// SPDX-License-Identifier: GPL-3.0-or-later
// Draws charts without a browser: ltvsim report --svg hands this script and a call of ltvsimDraw to
// node, which prints {id: svg}.
import { parse, View, Warn, logger, textMetrics } from "vega";
import { compile } from "vega-lite";
import { slideLook, slideOf } from "./slide.js";

// Without a canvas there is nobody to ask how wide a text is: wide characters take a whole em.
textMetrics.width = (item, text) => {
  let em = 0;
  for (const c of String(text ?? item.text ?? "")) em += c.codePointAt(0) > 0x2e7f ? 1 : 0.56;
  return em * (item.fontSize || 11);
};

async function draw(chart) {
  const { spec } = compile(slideOf(chart), { config: slideLook, logger: logger(Warn) });
  return new View(parse(spec), { renderer: "none", logger: logger(Warn) }).toSVG();
}

globalThis.ltvsimDraw = async (charts) => {
  const drawn = {};
  for (const chart of charts) drawn[chart.id] = await draw(chart);
  process.stdout.write(JSON.stringify(drawn));
};
