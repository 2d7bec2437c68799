/** What a package URL is made of, not yet encoded. */
export interface PackageUrl {
  type: "deb" | "npm" | "generic";
  namespace?: string;
  name: string;
  version: string;
  qualifiers?: Readonly<Record<string, string>>;
}

/** @see https://github.com/package-url/purl-spec: a colon stands for itself, all else that is not plain is encoded. */
export function packageUrl({ type, namespace, name, version, qualifiers = {} }: PackageUrl): string {
  const path = namespace === undefined ? encode(name) : `${encode(namespace)}/${encode(name)}`;
  const pairs = Object.entries(qualifiers).sort(([a], [b]) => (a < b ? -1 : 1));
  const query = pairs.map(([key, value]) => `${key}=${encode(value)}`).join("&");
  return `pkg:${type}/${path}@${encode(version)}${query === "" ? "" : `?${query}`}`;
}

const PURL = /^pkg:(deb|npm|generic)\/(?:([^/@?#]+)\/)?([^/@?#]+)@([^/@?#]+)(?:\?([^@?#]+))?$/;

/** The parts of a package URL as `packageUrl` writes it. @returns undefined for another one. */
export function parsePackageUrl(text: string): PackageUrl | undefined {
  const [, type, namespace, name, version, query] = PURL.exec(text) ?? [];
  if (name === undefined || version === undefined || !isType(type)) return undefined;
  try {
    const pairs = (query ?? "").split("&").filter((pair) => pair !== "");
    return {
      type,
      ...(namespace === undefined ? {} : { namespace: decodeURIComponent(namespace) }),
      name: decodeURIComponent(name),
      version: decodeURIComponent(version),
      qualifiers: Object.fromEntries(
        pairs.map((pair) => {
          const [key = "", value = ""] = pair.split("=", 2);
          return [key, decodeURIComponent(value)];
        }),
      ),
    };
  } catch {
    return undefined;
  }
}

function isType(type: string | undefined): type is PackageUrl["type"] {
  return type === "deb" || type === "npm" || type === "generic";
}

function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}
