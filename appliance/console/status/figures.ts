/** `84,110`: thousands are parted the same way whatever the locale. */
export function thousands(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `12 GiB`, `512 MiB`. */
export function sizeText(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  if (gib >= 1) return `${gib < 10 ? gib.toFixed(1).replace(/\.0$/, "") : Math.round(gib)} GiB`;
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}

/** As many of the texts as fit, and how many more there are: `a, b and 12 more`. */
export function listText(texts: readonly string[], width: number): string {
  for (let count = texts.length; count > 0; count--) {
    const more = texts.length - count;
    const text = `${texts.slice(0, count).join(", ")}${more === 0 ? "" : ` and ${thousands(more)} more`}`;
    if (text.length <= width) return text;
  }
  return thousands(texts.length);
}

/** Parts side by side: wide apart where that fits, else nearer, else on several lines. */
export function flow(parts: readonly string[], width: number, gaps: readonly number[] = [3, 2]): string[] {
  for (const gap of gaps) {
    const line = parts.join(" ".repeat(gap));
    if (line.length <= width) return [line];
  }
  const gap = " ".repeat(gaps.at(-1) ?? 1);
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + gap.length + part.length > width) lines.push(part);
    else lines[lines.length - 1] = `${last}${gap}${part}`;
  }
  return lines;
}

/** A name with its middle taken out: whose it is stands at the end. */
export function squeeze(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width < 8) return text.slice(0, Math.max(0, width));
  const head = Math.floor((width - 3) / 3);
  return `${text.slice(0, head)}...${text.slice(text.length - (width - 3 - head))}`;
}
