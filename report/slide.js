// SPDX-License-Identifier: GPL-3.0-or-later
// A chart as a file of its own: with its title and, below it, what spread it shows and its footer; on
// white, and as wide as a slide likes it.
import { look } from "./look.js";

const size = { width: 760, height: 320 };

export const slideLook = { ...look, background: "white" };

// The specification of a chart {spec, title, notes}.
export function slideOf({ spec, title, notes }) {
  return {
    ...spec,
    width: size.width,
    height: Math.max(spec.height, size.height),
    padding: 16,
    title: { text: title, subtitle: notes, anchor: "start", frame: "group", offset: 12, fontSize: 16, subtitlePadding: 6 },
  };
}
