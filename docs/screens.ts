import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EXIT_CODES } from "../builder/error.ts";
import { browse, type Tab } from "./screens/browser.ts";

/**
 * Looks at a page that a build leaves as people do: wide and narrow, light and dark, and printed:
 * `node docs/screens.ts dist/postern-...-amd64.html FOLDER`. Needs Chromium. Ends with 1 when a page is wider than its
 * window, asks for anything but itself, or says something in the console.
 */
const LOOKS = [
  { name: "wide-light", width: 1280, scheme: "light" },
  { name: "wide-dark", width: 1280, scheme: "dark" },
  { name: "narrow-light", width: 390, scheme: "light" },
  { name: "narrow-dark", width: 390, scheme: "dark" },
] as const;

const [file, folder] = process.argv.slice(2);
if (file === undefined || folder === undefined) {
  console.error("node docs/screens.ts FILE.html FOLDER");
  process.exitCode = EXIT_CODES.input;
} else {
  await mkdir(folder, { recursive: true });
  const page = resolve(file);
  await readFile(page);
  const stem = join(resolve(folder), basename(page, ".html"));
  const problems = await browse((tab) => look(tab, pathToFileURL(page).href, stem));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

async function look(tab: Tab, address: string, stem: string): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, width, scheme } of LOOKS) {
    await tab.send("Emulation.setDeviceMetricsOverride", {
      ...{ width, height: 900, deviceScaleFactor: 1, mobile: width < 600 },
    });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await tab.send("Emulation.setEmulatedMedia", { media: "screen", features });
    const asked = await tab.open(address);
    for (const one of asked) problems.push(`${name}: asks for ${one}`);
    const found = await tab.value("document.documentElement.scrollWidth");
    if (found !== width) problems.push(`${name}: ${found} px wide, the window has ${width}`);
    const shot = await tab.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    await writeFile(`${stem}-${name}.png`, bytesOf(shot));
    console.log(`${stem}-${name}.png`);
  }
  await tab.send("Emulation.setEmulatedMedia", { media: "", features: [] });
  const pdf = await tab.send("Page.printToPDF", { preferCSSPageSize: true });
  await writeFile(`${stem}.pdf`, bytesOf(pdf));
  console.log(`${stem}.pdf`);
  return [...problems, ...tab.said()];
}

function bytesOf({ data }: Readonly<Record<string, unknown>>): Buffer {
  if (typeof data !== "string") throw new Error("Chromium sent no data");
  return Buffer.from(data, "base64");
}
