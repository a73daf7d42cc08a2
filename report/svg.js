// SPDX-License-Identifier: GPL-3.0-or-later
// Draws charts without a browser: ltvsim report --svg hands this script and a call of ltvsimDraw to
// node, which prints {id: svg}.
import { parse, View, Warn, logger, textMetrics } from "vega";
import { compile } from "vega-lite";
import { look } from "./look.js";

const size = { width: 760, height: 320 };

// Without a canvas there is nobody to ask how wide a text is: wide characters take a whole em.
textMetrics.width = (item, text) => {
  let em = 0;
  for (const c of String(text ?? item.text ?? "")) em += c.codePointAt(0) > 0x2e7f ? 1 : 0.56;
  return em * (item.fontSize || 11);
};

async function draw(chart) {
  const spec = { ...chart.spec, width: size.width };
  spec.height = Math.max(spec.height, size.height);
  spec.background = "white";
  spec.padding = 16;
  spec.title = { text: chart.title, subtitle: chart.notes, anchor: "start", frame: "group", offset: 12, fontSize: 16, subtitlePadding: 6 };
  const { spec: vega } = compile(spec, { config: { ...look, background: "white" }, logger: logger(Warn) });
  return new View(parse(vega), { renderer: "none", logger: logger(Warn) }).toSVG();
}

globalThis.ltvsimDraw = async (charts) => {
  const drawn = {};
  for (const chart of charts) drawn[chart.id] = await draw(chart);
  process.stdout.write(JSON.stringify(drawn));
};
