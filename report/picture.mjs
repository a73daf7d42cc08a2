// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the picture of a report for README.md: node report/picture.mjs REPORT.html PICTURE.png CHROMIUM
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [, , report, picture, executablePath] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1120, height: 1400 }, deviceScaleFactor: 1 });
await page.goto(pathToFileURL(report).href);
await page.evaluate(() => window.ltvsim.ready);
// The answers, the figures and one chart of each kind fill the picture.
await page.evaluate(() => {
  const keep = ["answer", "figures", "contrasts"];
  document.querySelectorAll("section").forEach((s) => keep.includes(s.id) || s.remove());
  document.querySelector("nav").remove();
});
const menu = 12; // pixels above a chart
const end = await page.evaluate(() => document.querySelector("#contrasts figure:nth-of-type(3)").getBoundingClientRect().top);
await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: 1120, height: Math.floor(end) - menu } });
await browser.close();
