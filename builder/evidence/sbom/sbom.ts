import { APPLIANCE_REF, type Component, type LicenseText, type Sbom } from "./model.ts";
import { OWN_LICENSE } from "./own.ts";

/**
 * Puts an SBOM together: the appliance, and in it everything that is in nothing else.
 *
 * @throws Error when two components have one ref, or one names a ref that is none's.
 */
export function makeSbom(
  head: Pick<Sbom, "name" | "version" | "base" | "epoch">,
  components: readonly Component[],
  texts: readonly LicenseText[],
): Sbom {
  const inside = new Set(components.flatMap(({ contains }) => contains));
  const appliance: Component = {
    ref: APPLIANCE_REF,
    kind: "application",
    name: "postern",
    version: head.version,
    description: `proxy appliance on ${head.base}`,
    supplier: "Postern",
    hashes: [],
    license: OWN_LICENSE,
    contains: components.map(({ ref }) => ref).filter((ref) => !inside.has(ref)),
    dependsOn: [],
  };
  const all = [appliance, ...components];
  requireRefs(all);
  const once = new Map(texts.map((one) => [one.id, one]));
  return { ...head, components: all, texts: [...once.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function requireRefs(components: readonly Component[]): void {
  const refs = new Set(components.map(({ ref }) => ref));
  if (refs.size !== components.length) throw new Error("two components of the SBOM have one ref");
  for (const { ref, contains, dependsOn } of components) {
    const lost = [...contains, ...dependsOn].find((other) => !refs.has(other));
    if (lost !== undefined) throw new Error(`component ${ref} of the SBOM names ${lost}, which is none`);
  }
}
