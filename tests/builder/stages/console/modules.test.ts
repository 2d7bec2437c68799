import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseLock } from "../../../../builder/evidence/sbom/lock.ts";
import { bundledModules, parseModules } from "../../../../builder/stages/console/modules.ts";
import { bundleConsole } from "../../../../builder/stages/console/stage.ts";
import { withFolder } from "../../disk/kit.ts";

test("the console's bundle: what is in it is pinned, and what only the builder uses is not in it", async (t) => {
  await withFolder(async (folder) => {
    const out = join(folder, "console.mjs");
    const modules = await bundleConsole(out);
    const file = new URL("../../../../package-lock.json", import.meta.url);
    const lock = parseLock(await readFile(file, "utf8"), "package-lock.json");
    for (const one of modules) t.true(lock.has(one), one);
    for (const name of ["joi", "yaml", "@clack/core"]) t.true(modules.includes(`node_modules/${name}`), name);
    for (const name of ["execa", "esbuild", "ava"]) t.false(modules.includes(`node_modules/${name}`), name);
    t.deepEqual(parseModules(JSON.stringify(modules)), modules);
  });
});

test("nested and linked folders, and what left no byte", (t) => {
  const input = (bytesInOutput: number) => ({ bytesInOutput });
  const inputs = {
    "appliance/cli.ts": input(9),
    "node_modules/@b/c/lib/x.js": input(1),
    "node_modules/@b/c/lib/y.js": input(1),
    "../other/node_modules/a/node_modules/d/index.js": input(1),
    "node_modules/shaken/index.js": input(0),
  };
  const outputs = { "out.mjs": { inputs, bytes: 12, imports: [], exports: [] } };
  t.deepEqual(bundledModules({ inputs: {}, outputs }), [
    "node_modules/@b/c",
    "node_modules/a/node_modules/d",
  ]);
});

test("another file is refused", (t) => {
  for (const text of ["[]", "{}", '["/etc/passwd"]']) t.throws(() => parseModules(text));
});
