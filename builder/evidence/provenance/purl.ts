import type { BaseId } from "../../recipe/recipe.ts";

/**
 * The package URL of a distribution package, `pkg:deb/debian/squid@6.13-1?distro=debian-13`.
 *
 * @see https://github.com/package-url/purl-spec/blob/main/types/deb-definition.json
 */
export function debPurl(name: string, version: string, base: BaseId): string {
  const [distribution = ""] = base.split("-");
  return `pkg:deb/${distribution}/${encoded(name)}@${encoded(version)}?distro=${encoded(base)}`;
}

/** The specification leaves a colon as it is, and everything else that is no letter, digit or one of `.-_~` not. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}
