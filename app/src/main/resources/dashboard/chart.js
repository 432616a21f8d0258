// Charts over time, drawn by uPlot. A chart is made once and fed anew; a picture says nothing to a
// screen reader, so each has a sentence of its own.

import uPlot from "/ui/uplot.js";
import { h } from "/ui/dom.js";

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Of a shorter time than this, seconds tell moments apart.
const SECONDS_TOLD = 300;

const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * A line over time: `{label, unit(value), waiting, kind: "line" | "points"}`; `waiting` says what
 * brings the first sample. Its `node` goes into a page; `show(timesMillis, values, sentence)` draws.
 */
export function chart({ label, unit, waiting, kind = "line" }) {
  const place = h("div", { class: "chart", "aria-hidden": "true" });
  const words = h("p", { class: "sr" });
  const none = h("p", { class: "none" }, "No sample yet. ", waiting);
  const node = h("figure", { class: "plot", "aria-label": label }, place, none, words);
  node.kept = true;
  let plot = null;
  let data = [[], []];

  function options(width) {
    const axis = {
      stroke: colour("--faint"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
      font: "11px Inter, system-ui, sans-serif",
    };
    return {
      width,
      height: 150,
      padding: [10, 8, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      legend: { show: false },
      scales: {
        // A single sample stands in the middle of a minute.
        x: { time: true, range: () => (data[0].length === 1 ? [data[0][0] - 30, data[0][0] + 30] : [data[0][0], data[0].at(-1)]) },
        y: { range: (_, low, high) => [0, Math.max(high * 1.15, 1)] },
      },
      axes: [
        { ...axis, grid: { show: false }, space: 84, size: 26, values: (_, splits) => splits.map((at) => new Date(at * 1000).toTimeString().slice(0, splits.at(-1) - splits[0] < SECONDS_TOLD ? 8 : 5)) },
        { ...axis, size: 58, space: 34, values: (_, splits) => splits.map((value) => unit(value)) },
      ],
      series: [
        {},
        kind === "line"
          ? { label, stroke: colour("--accent"), width: 1.6, fill: `${colour("--accent")}1f`, points: { show: (self) => self.data[0].length === 1, size: 7, fill: colour("--accent") } }
          : { label, stroke: colour("--accent"), width: 0, paths: () => null, points: { show: true, size: 7, fill: colour("--accent") } },
      ],
    };
  }

  function draw() {
    none.hidden = data[0].length > 0;
    const width = place.clientWidth;
    if (width < 40 || data[0].length === 0) {
      return;
    }
    if (plot === null) {
      plot = new uPlot(options(width), data, place);
    } else {
      plot.setData(data);
      if (plot.width !== width) {
        plot.setSize({ width, height: 150 });
      }
    }
  }

  function anew() {
    plot?.destroy();
    plot = null;
    draw();
  }
  new ResizeObserver(draw).observe(place);
  dark.addEventListener("change", anew);

  return {
    node,
    show(times, values, sentence) {
      data = [times.map((at) => at / 1000), values];
      words.textContent = sentence;
      draw();
    },
    leave() {
      dark.removeEventListener("change", anew);
      plot?.destroy();
    },
  };
}
