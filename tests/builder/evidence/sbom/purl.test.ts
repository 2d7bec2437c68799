import test from "ava";
import fc from "fast-check";
import { packageUrl, parsePackageUrl } from "../../../../builder/evidence/sbom/purl.ts";

for (const [url, parts] of [
  ["pkg:npm/%40clack/core@1.6.0", { type: "npm", namespace: "@clack", name: "core", version: "1.6.0" }],
  ["pkg:generic/openssl@3.5.8", { type: "generic", name: "openssl", version: "3.5.8" }],
  [
    "pkg:deb/debian/libstdc%2B%2B6@1:14~rc1%2Bb1?arch=amd64&distro=debian-13",
    {
      ...({ type: "deb", namespace: "debian", name: "libstdc++6", version: "1:14~rc1+b1" } as const),
      qualifiers: { distro: "debian-13", arch: "amd64" },
    },
  ],
] as const) {
  test(url, (t) => {
    t.is(packageUrl(parts), url);
    t.like(parsePackageUrl(url), parts);
  });
}

test("any name and version come back, and nothing of them steers the URL", (t) => {
  const text = fc.string({ minLength: 1, unit: "grapheme" });
  fc.assert(
    fc.property(text, text, text, (namespace, name, version) => {
      const parts = { type: "deb", namespace, name, version, qualifiers: { arch: name } } as const;
      t.deepEqual(parsePackageUrl(packageUrl(parts)), parts);
    }),
  );
});

for (const url of ["", "pkg:deb/debian/x", "pkg:rpm/x@1", "pkg:deb/debian/x@%", "pkg:deb/a/b/c@1"]) {
  test(`"${url}" is none of ours`, (t) => {
    t.is(parsePackageUrl(url), undefined);
  });
}
