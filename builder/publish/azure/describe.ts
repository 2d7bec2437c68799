import { bytesText, tableText } from "../../host/text.ts";
import type { Fate, Fates } from "./fates.ts";
import { blobUrl } from "./names.ts";
import type { Page } from "./pages.ts";
import type { AzureSettings } from "./settings.ts";
import { sum } from "./upload.ts";
import type { Vhd } from "./vhd.ts";

const WORDS: Readonly<Record<Fate, string>> = {
  new: "is made",
  resume: "is there, half done: goes on",
  reuse: "is there: used as it is",
};

/** What will be done, before it is. */
export function planText(settings: AzureSettings, fates: Fates, vhd: Vhd, pages: readonly Page[]): string {
  const { disk, blob, image, gallery, resourceGroup = "", location = "", sku } = settings;
  const head = `a disk of ${bytesText(vhd.disk.size)} with ${bytesText(sum(pages))} in it, sent in ${pages.length + 1} requests, ${settings.parallel} at once`;
  const place = `in ${resourceGroup}, ${location}`;
  const rows: string[][] = [];
  if (blob === undefined) rows.push(["disk", `${disk} ${place}, ${sku}, generation V2`, WORDS[fates.upload]]);
  else rows.push(["page blob", blobUrl(settings, blob), WORDS[fates.upload]]);
  if (image !== undefined) rows.push(["image", `${image} ${place}`, WORDS[fates.image ?? "new"]]);
  if (gallery !== undefined) {
    const { name, definition, version, regions } = gallery;
    const where = [...new Set([location, ...regions])].join(", ");
    rows.push(["gallery", `${name} ${place}`, WORDS[fates.gallery ?? "new"]]);
    rows.push(["definition", `${definition}, Trusted Launch supported`, WORDS[fates.definition ?? "new"]]);
    rows.push(["version", `${version} in ${where}`, WORDS[fates.version ?? "new"]]);
  }
  return `${head}\n${tableText(rows, "  ")}`;
}
