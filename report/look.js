// SPDX-License-Identifier: GPL-3.0-or-later
// How charts look, on the page and as files. Colours can be told apart on white and on the dark
// page, by people who do not see red and green, and in print; series also differ in their dashes.
const ink = "#1d232b";

export const look = {
  background: "transparent",
  font: "system-ui, -apple-system, 'Segoe UI', 'Hiragino Sans', 'Noto Sans CJK JP', 'Yu Gothic UI', sans-serif",
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titlePadding: 8,
    titleFontSize: 11,
    titleFontWeight: "normal",
    labelColor: ink,
    titleColor: ink,
    gridColor: "#c9d0d8",
    domainColor: "#7c8794",
    tickColor: "#7c8794",
    labelOverlap: true,
    labelSeparation: 5,
  },
  legend: { labelFontSize: 12, labelColor: ink, titleColor: ink, titleFontWeight: "normal" },
  text: { color: ink },
  title: { color: ink, subtitleColor: ink },
  range: {
    category: ["#3b78c4", "#c2571a", "#2a8f5b", "#9a5fcf", "#b8860b", "#c23b6b"],
  },
};
