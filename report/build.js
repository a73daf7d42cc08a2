// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles what ltvsim report puts into its pages: node build.js FOLDER writes page.js, page.css and
// svg.js there.
import { build } from "esbuild";

const folder = process.argv[2];
const common = {
  bundle: true,
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  outdir: folder,
  target: "es2020",
};

await build({ ...common, entryPoints: ["page.js", "page.css"], format: "iife", platform: "browser" });
// The same in node, without a browser's canvas.
await build({ ...common, entryPoints: ["svg.js"], format: "iife", platform: "neutral", mainFields: ["module", "main"], external: ["canvas"] });
