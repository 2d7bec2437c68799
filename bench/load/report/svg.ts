/** Panels of horizontal bars as an SVG: the same input gives the same bytes; readable in light and in dark. */

export interface Bar {
  label: string;
  kind: "ours" | "theirs";
  median: number;
  min: number;
  max: number;
}

export interface Panel {
  title: string;
  note: string;
  bars: readonly Bar[];
}

const WIDTH = 720;
const LABELS = 250;
const VALUES = 80;
const BAR = 18;
const GAP = 10;
const HEAD = 34;
const MARGIN = 16;

const STYLE = `text{font:13px system-ui,sans-serif;fill:#1f2328}
.title{font-weight:600}.note{fill:#59636e}
.ours{fill:#0b6bcb}.theirs{fill:#9aa4af}.range{stroke:#1f2328;stroke-width:1.5}.axis{stroke:#d1d9e0}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}.ours{fill:#4ea1ff}.theirs{fill:#66707b}.range{stroke:#e6edf3}.axis{stroke:#3d444d}}`;

export function panels(all: readonly Panel[]): string {
  let top = MARGIN;
  const parts: string[] = [];
  for (const panel of all.filter(({ bars }) => bars.length > 0)) {
    parts.push(panelAt(panel, top));
    top += HEAD + panel.bars.length * (BAR + GAP) + MARGIN;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-label="${escaped(all.map(({ title }) => title).join("; "))}">`,
    `<style>${STYLE}</style>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** A panel has a scale of its own, from zero. */
function panelAt({ title, note, bars }: Panel, top: number): string {
  const room = WIDTH - LABELS - VALUES - 2 * MARGIN;
  const largest = Math.max(...bars.map(({ max }) => max), Number.MIN_VALUE);
  const from = MARGIN + LABELS;
  const x = (value: number): string => (from + (value / largest) * room).toFixed(1);
  const lines = [
    `<text class="title" x="${MARGIN}" y="${top + 14}">${escaped(title)} <tspan class="note">(${escaped(note)})</tspan></text>`,
  ];
  for (const [at, { label, kind, median, min, max }] of bars.entries()) {
    const y = top + HEAD + at * (BAR + GAP) - 8;
    const middle = y + BAR / 2;
    lines.push(
      `<text x="${from - 8}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>`,
      `<rect class="${kind}" x="${from}" y="${y}" width="${((median / largest) * room).toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<path class="range" d="M${x(min)} ${middle}H${x(max)}M${x(min)} ${middle - 4}v8M${x(max)} ${middle - 4}v8"/>`,
      `<text x="${WIDTH - MARGIN}" y="${middle + 4}" text-anchor="end">${valueText(median)}</text>`,
    );
  }
  const bottom = top + HEAD + bars.length * (BAR + GAP) - GAP - 4;
  lines.push(`<path class="axis" d="M${from} ${top + HEAD - 12}V${bottom}"/>`);
  return lines.join("\n");
}

function valueText(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(1);
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
