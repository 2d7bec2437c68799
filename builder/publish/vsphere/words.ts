import { tableText } from "../../host/text.ts";
import { SETTINGS_PROPERTY } from "./properties.ts";
import { PLACES, type PlaceFlag, type VsphereWish } from "./wish.ts";

export interface WishFacts {
  /** Of the OVA, as a person reads it. */
  size: string;
  settingsFile: string | undefined;
  /** Whether the hash of a password goes with the settings. */
  hasHash: boolean;
}

/** What will be done, in words, before anything is done. */
export function wishText({ ova, library, machine }: VsphereWish, facts: WishFacts): string {
  const rows = [["image", `${ova} (${facts.size})`]];
  if (library !== undefined) rows.push(["content library", `${library.name}, item ${library.item}`]);
  if (machine !== undefined) {
    const { name, size, disk, network, place, properties, powerOn, onEsxi } = machine;
    const places = Object.keys(PLACES) as PlaceFlag[];
    const own = [...properties.keys()].filter((key) => key !== SETTINGS_PROPERTY);
    rows.push(
      ["virtual machine", `${name}: size ${size}, ${disk} disk`],
      ["network", network],
      ...places.flatMap((one) => (place[one] === undefined ? [] : [[one, place[one]]])),
      ["settings", [facts.settingsFile, ...own].filter(Boolean).join(", ") || "none: its console asks"],
      ["then", powerOn ? "it is started" : "it stays off"],
    );
    if (onEsxi) rows.push(["ESXi", "settings are written into the machine's configuration, and stay there"]);
    if (facts.hasHash)
      rows.push([
        "note",
        "the hash of the console password can be read in vSphere as long as the machine is there",
      ]);
  }
  return tableText(rows);
}
