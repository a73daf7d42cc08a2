// SPDX-License-Identifier: GPL-3.0-or-later
// Opens reports from disk in a browser without a network and says what is on them: the hands and
// eyes of test_report_page.py. Reads {browser, modules, pages: [{file, dark, width, pdf, axe, save}]} from
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

// Texts of charts that do not stand wholly in their picture.
function cutOff() {
  const cut = [];
  for (const svg of document.querySelectorAll("svg.marks")) {
    const picture = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      const beyond = Math.max(picture.left - box.left, box.right - picture.right, picture.top - box.top, box.bottom - picture.bottom);
      if (box.width > 0 && beyond > 2) cut.push(`${svg.closest("figure").id}: ${text.textContent} (${beyond.toFixed(0)} px)`);
    }
  }
  return cut;
}

function whole() {
  const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll("\u2060", "");
  return {
    title: document.title,
    heading: document.querySelector("h1").textContent,
    language: document.documentElement.lang,
    text: plain(document.body.innerText),
    warnings: [...document.querySelectorAll(".warning")].map((p) => [plain(p.textContent), p.querySelector("span").lang]),
    sections: [...document.querySelectorAll("section")].map((s) => s.id),
    cells: [...document.querySelectorAll("#figures td, #figures .value")].map((c) => plain(c.firstChild?.textContent ?? "")),
    scroll: document.documentElement.scrollWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.querySelector(".role-axis-label text")).fill,
  };
}

// Prints the page, and says where its charts stand then and what is to be seen of the tables behind them:
// of the one that was opened and of another.
async function print(tab, path) {
  await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = false)));
  const seen = { width: await tab.evaluate(widths) };
  await tab.pdf({ path, format: "A4", printBackground: true });
  await tab.waitForTimeout(1000); // for charts to be laid out for the screen again
  seen.widthAfter = await tab.evaluate(widths);
  await tab.emulateMedia({ media: "print" });
  await tab.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  seen.cutOff = await tab.evaluate(cutOff);
  await tab.evaluate(() => (document.querySelector("#ltv-1 > details:not(.save)").open = true));
  Object.assign(seen, await tab.evaluate(() => {
    const place = (id) => document.getElementById(id).getBoundingClientRect();
    return {
      rows: ["ltv-0", "revenue-joined", "revenue-paying"].map(place).map(({ left, top, right }) => ({ left, top, right })),
      page: document.querySelector("main").getBoundingClientRect().width,
      opened: document.querySelector("#ltv-1 > details:not(.save)").getClientRects().length,
      folded: document.querySelector("#ltv-0 > details:not(.save)").getClientRects().length,
      menus: document.querySelector(".save").getClientRects().length,
    };
  }));
  return seen;
}

function widths() {
  return [...document.querySelectorAll("svg.marks")].map((svg) => [svg.getAttribute("width"), svg.getAttribute("height")]);
}

// Saves a chart in every way its menu has, with the keyboard alone, and says what was met on the way.
async function saveByKeyboard(tab, chart) {
  const focused = () =>
    tab.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { tag: document.activeElement.tagName, text: document.activeElement.textContent, outline: `${outlineWidth} ${outlineStyle}` };
    });
  const isOpen = () => tab.evaluate((id) => document.querySelector(`#${id} .save`).open, chart);
  const figure = tab.locator(`#${chart}`);
  const seen = { closed: await figure.ariaSnapshot(), files: {} };
  // The menu follows what can be reached before it: from the page's first link on, by Tab alone.
  await tab.locator(".skip").focus();
  for (let i = 0; i < 500 && !(await tab.evaluate((id) => document.activeElement.matches(`#${id} .save > summary`), chart)); i++) await tab.keyboard.press("Tab");
  seen.opener = await focused();
  await tab.keyboard.press("Space");
  seen.openBySpace = await isOpen();
  seen.open = await figure.ariaSnapshot();
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("Escape");
  seen.openAfterEscape = await isOpen();
  seen.afterEscape = await focused();
  for (const [button, key] of ["Enter", "Space", "Enter"].entries()) {
    await tab.keyboard.press("Enter");
    for (let i = 0; i <= button; i++) await tab.keyboard.press("Tab");
    const on = await focused();
    const [download] = await Promise.all([tab.waitForEvent("download"), tab.keyboard.press(key)]);
    const content = readFileSync(await download.path()).toString("base64");
    seen.files[download.suggestedFilename()] = { on, content };
    await tab.waitForFunction((id) => !document.querySelector(`#${id} .save`).open, chart);
    seen.afterSaving = await focused();
  }
  await tab.keyboard.press("Enter");
  for (let i = 0; i < 4; i++) await tab.keyboard.press("Tab");
  seen.openWhenLeft = await isOpen();
  return seen;
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
  const one = { ...(await tab.evaluate(whole)), charts: await tab.evaluate(charts), cutOff: await tab.evaluate(cutOff), complaints };
  one.requests = requests.filter((url) => !/^(file|data|blob):/.test(url));
  if (page.save) one.saved = await saveByKeyboard(tab, page.save);
  if (page.axe) {
    // With "open" it looks at the tables behind charts, too.
    if (page.axe === "open") await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
    await tab.evaluate(axe);
    const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    one.faults = found.violations.map((v) => ({ id: v.id, impact: v.impact, where: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)) }));
  }
  if (page.pdf) one.printed = await print(tab, page.pdf);
  said.push(one);
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(said));
