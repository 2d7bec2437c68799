import type { Keyboard } from "../../settings/settings.ts";

/** Layouts on the list; every other one of xkeyboard-config(7) can be typed. */
export const LAYOUTS: readonly (Keyboard & { name: string })[] = [
  { layout: "us", name: "English (US)" },
  { layout: "us", variant: "intl", name: "English (US, international)" },
  { layout: "gb", name: "English (UK)" },
  { layout: "de", name: "German" },
  { layout: "fr", name: "French" },
  { layout: "es", name: "Spanish" },
  { layout: "it", name: "Italian" },
  { layout: "pt", name: "Portuguese" },
  { layout: "ch", name: "Swiss German" },
  { layout: "ch", variant: "fr", name: "Swiss French" },
  { layout: "be", name: "Belgian" },
  { layout: "nl", name: "Dutch" },
  { layout: "dk", name: "Danish" },
  { layout: "no", name: "Norwegian" },
  { layout: "se", name: "Swedish" },
  { layout: "fi", name: "Finnish" },
  { layout: "pl", name: "Polish" },
  { layout: "cz", name: "Czech" },
  { layout: "br", name: "Portuguese (Brazil)" },
  { layout: "latam", name: "Spanish (Latin America)" },
  { layout: "jp", name: "Japanese" },
];

/** A layout as people name it: `de`, `ch fr`. */
export function layoutText({ layout, variant }: Keyboard): string {
  return variant === undefined ? layout : `${layout} ${variant}`;
}
