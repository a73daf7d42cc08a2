// SPDX-License-Identifier: GPL-3.0-or-later
// Opens reports from disk in a browser without a network and says what is on them: the hands and
// eyes of test_report_page.py. Reads {browser, modules, pages: [{file, dark, width, pdf, axe}]} from
// standard input and prints one object for each page.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const job = JSON.parse(readFileSync(0, "utf8"));
const { chromium } = await import(pathToFileURL(`${job.modules}/playwright-core/index.mjs`));
const axe = readFileSync(`${job.modules}/axe-core/axe.min.js`, "utf8");

// What every chart shows: the data of its view, and how much of it is drawn.
function charts() {
  const drawn = (figure, marks) => figure.querySelectorAll(`.${marks}.role-mark > path, .${marks}.role-mark > text`).length;
  const all = {};
  for (const figure of document.querySelectorAll("figure")) {
    const view = window.ltvsim.views[figure.id];
    const spec = JSON.parse(document.getElementById(`${figure.id}-spec`).textContent);
    const data = {};
    for (const name of Object.keys(view ? spec.datasets : {})) data[name] = view.data(name);
    all[figure.id] = {
      data,
      title: figure.querySelector("h3").textContent,
      footer: figure.querySelector("figcaption").textContent.replaceAll("\u00a0", " "),
      spread: (figure.querySelector(".spread")?.textContent ?? "").replaceAll("\u00a0", " "),
      rows: figure.querySelectorAll("details tbody tr").length,
      drawn: Object.fromEntries(["mark-rect", "mark-line", "mark-area", "mark-symbol", "mark-rule", "mark-text"].map((m) => [m, drawn(figure, m)])),
      width: figure.querySelector("svg.marks").getBoundingClientRect().width,
    };
  }
  return all;
}

function whole() {
  const plain = (text) => text.replaceAll("\u00a0", " ");
  return {
    title: document.title,
    heading: document.querySelector("h1").textContent,
    language: document.documentElement.lang,
    text: plain(document.body.innerText),
    sections: [...document.querySelectorAll("section")].map((s) => s.id),
    cells: [...document.querySelectorAll("#figures td, #figures .value")].map((c) => plain(c.firstChild?.textContent ?? "")),
    scroll: document.documentElement.scrollWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.querySelector(".role-axis-label text")).fill,
  };
}

const browser = await chromium.launch({ executablePath: job.browser, args: ["--no-sandbox"] });
const said = [];
for (const page of job.pages) {
  const context = await browser.newContext({
    offline: true,
    colorScheme: page.dark ? "dark" : "light",
    viewport: { width: page.width ?? 1280, height: 900 },
  });
  const tab = await context.newPage();
  const complaints = [], requests = [];
  tab.on("console", (m) => ["error", "warning"].includes(m.type()) && complaints.push(m.text()));
  tab.on("pageerror", (e) => complaints.push(e.message));
  tab.on("dialog", (d) => (complaints.push(`dialog: ${d.message()}`), d.dismiss()));
  tab.on("request", (r) => requests.push(r.url()));
  await tab.goto(pathToFileURL(page.file).href);
  await tab.evaluate(() => window.ltvsim.ready);
  const one = { ...(await tab.evaluate(whole)), charts: await tab.evaluate(charts), complaints };
  one.requests = requests.filter((url) => !/^(file|data|blob):/.test(url));
  if (page.axe) {
    // With "open" it looks at the tables behind charts, too.
    if (page.axe === "open") await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
    await tab.evaluate(axe);
    const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    one.faults = found.violations.map((v) => ({ id: v.id, impact: v.impact, where: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)) }));
  }
  if (page.pdf) await tab.pdf({ path: page.pdf, format: "A4", printBackground: true });
  said.push(one);
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(said));
