import type { BaseId } from "../../recipe/recipe.ts";
import { packageUrl } from "../sbom/purl.ts";

/**
 * The package URL of a distribution package, `pkg:deb/debian/squid@6.13-1?distro=debian-13`; the record of a build has
 * no architecture.
 *
 * @see https://github.com/package-url/purl-spec/blob/main/types/deb-definition.json
 */
export function debPurl(name: string, version: string, base: BaseId): string {
  const [namespace = ""] = base.split("-");
  return packageUrl({ type: "deb", namespace, name, version, qualifiers: { distro: base } });
}
