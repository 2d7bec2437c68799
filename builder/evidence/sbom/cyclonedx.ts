import {
  ComponentType,
  HashAlgorithm,
  LicenseAcknowledgement,
  LifecyclePhase,
} from "@cyclonedx/cyclonedx-library/Enums";
import {
  Bom,
  type BomRef,
  Component as CdxComponent,
  ComponentRepository,
  HashDictionary,
  type License,
  LicenseExpression,
  LicenseRepository,
  LifecycleRepository,
  Metadata,
  OrganizationalEntity,
  Property,
  PropertyRepository,
  SpdxLicense,
  Tools,
} from "@cyclonedx/cyclonedx-library/Models";
import { JSON as CdxJson, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { isSupportedSpdxId } from "@cyclonedx/cyclonedx-library/SPDX";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import { sbomUuid } from "./id.ts";
import {
  APPLIANCE_REF,
  type Component,
  type ComponentKind,
  type Hash,
  PROPERTIES,
  type Sbom,
} from "./model.ts";

const TYPES: Readonly<Record<ComponentKind, ComponentType>> = {
  "operating-system": ComponentType.OperatingSystem,
  package: ComponentType.Library,
  application: ComponentType.Application,
  library: ComponentType.Library,
  data: ComponentType.Data,
};
const ALGORITHMS: Readonly<Record<Hash["algorithm"], HashAlgorithm>> = {
  "SHA-256": HashAlgorithm["SHA-256"],
  "SHA-512": HashAlgorithm["SHA-512"],
};

/**
 * The SBOM as CycloneDX 1.6 in JSON. The same SBOM gives the same bytes. It refers to licence texts that stand in the
 * SPDX file: an expression has no place for them here.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function cyclonedxText(sbom: Sbom): string {
  const made = new Map(sbom.components.map((one) => [one.ref, componentOf(one)]));
  const madeOf = (ref: string): CdxComponent => made.get(ref) ?? fail(ref);
  const appliance = madeOf(APPLIANCE_REF);
  const nested = new Set<string>();
  for (const { ref, kind, contains, dependsOn } of sbom.components) {
    const one = madeOf(ref);
    for (const other of dependsOn) one.dependencies.add(refOf(madeOf(other)));
    // Scanners look for the packages of a distribution beside it, not in it.
    if (ref === APPLIANCE_REF || kind === "operating-system") continue;
    for (const other of contains) {
      nested.add(other);
      one.components.add(madeOf(other));
    }
  }
  const top = sbom.components.filter(({ ref }) => ref !== APPLIANCE_REF && !nested.has(ref));
  for (const { ref } of top) appliance.dependencies.add(refOf(madeOf(ref)));
  const tool = new CdxComponent(ComponentType.Application, "postern", {
    bomRef: "tool",
    version: sbom.version,
  });
  const bom = new Bom({
    serialNumber: `urn:uuid:${sbomUuid(sbom, "cyclonedx")}`,
    metadata: new Metadata({
      timestamp: new Date(sbom.epoch * 1000),
      lifecycles: new LifecycleRepository([LifecyclePhase.Build]),
      tools: new Tools({ components: new ComponentRepository([tool]) }),
      component: appliance,
    }),
    components: new ComponentRepository(top.map(({ ref }) => madeOf(ref))),
  });
  // Its own order is the locale's; ours is that of the list.
  const options = { sortLists: false, space: 1 };
  return `${new JsonSerializer(new CdxJson.Normalize.Factory(Spec1dot6)).serialize(bom, options)}\n`;
}

function componentOf(one: Component): CdxComponent {
  const { license, supplier } = one;
  return new CdxComponent(TYPES[one.kind], one.name, {
    bomRef: one.ref,
    version: one.version,
    ...(one.description === undefined ? {} : { description: one.description }),
    ...(one.purl === undefined ? {} : { purl: one.purl }),
    ...(one.cpe === undefined ? {} : { cpe: one.cpe }),
    ...(supplier === undefined ? {} : { supplier: new OrganizationalEntity({ name: supplier }) }),
    hashes: new HashDictionary(one.hashes.map(({ algorithm, value }) => [ALGORITHMS[algorithm], value])),
    licenses: new LicenseRepository(license.expression === undefined ? [] : [licenseOf(license.expression)]),
    properties: propertiesOf(one),
  });
}

function licenseOf(expression: string): License {
  const acknowledgement = LicenseAcknowledgement.Declared;
  if (isSupportedSpdxId(expression)) return new SpdxLicense(expression, { acknowledgement });
  const license = new LicenseExpression(expression);
  license.acknowledgement = acknowledgement;
  return license;
}

function propertiesOf({ file, source, license }: Component): PropertyRepository {
  const one = (name: string, value: string | undefined): Property[] =>
    value === undefined ? [] : [new Property(name, value)];
  return new PropertyRepository([
    ...one(PROPERTIES.file, file),
    ...one(PROPERTIES.source, source === undefined ? undefined : `${source.name} ${source.version}`),
    ...one(PROPERTIES.license, license.comment),
  ]);
}

function refOf(component: CdxComponent): BomRef {
  return component.bomRef;
}

function fail(ref: string): never {
  throw new Error(`the SBOM has no component ${ref}`);
}
