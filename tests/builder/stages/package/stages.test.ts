import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { PosternError } from "../../../../builder/error.ts";
import { run } from "../../../../builder/host/run.ts";
import { loadBase } from "../../../../builder/recipe/base.ts";
import { FORMATS, type Recipe } from "../../../../builder/recipe/recipe.ts";
import { packageArtifacts } from "../../../../builder/stages/package/names.ts";
import { packageStages } from "../../../../builder/stages/package/stages.ts";
import { withFolder } from "../../disk/kit.ts";
import { RECIPE as SAMPLE } from "../../recipe/sample.ts";

const RECIPE: Recipe = { ...SAMPLE, base: "debian-13", formats: ["ova", "vhdx"] };

const TOOLS = { "qemu-img": "7.2", mksquashfs: "4.5.1", xorriso: "1.5.4" };

async function stagesOf(change: Partial<Recipe>) {
  const base = await loadBase("debian-13");
  return packageStages({
    recipe: { ...RECIPE, ...change },
    base,
    seed: "seed",
    tools: TOOLS,
    kernelArgs: ["quiet"],
  });
}

test("every format has its stages, each once, and its files come from them", async (t) => {
  const base = await loadBase("debian-13");
  for (const formats of [RECIPE.formats, ["hyperv"], ["vhdx", "hyperv"], FORMATS] as const) {
    const stages = await stagesOf({ formats });
    const ids = stages.map(({ id }) => id);
    t.is(new Set(ids).size, ids.length);
    for (const { needs } of stages)
      t.true(needs.every((id) => ["disk", "seal"].includes(id) || ids.includes(id)));
    for (const { stage, file } of packageArtifacts({ ...RECIPE, formats }, base)) {
      t.true(stages.find(({ id }) => id === stage)?.outputs.includes(file), `${stage}/${file}`);
    }
  }
});

test("the names say what is inside", async (t) => {
  const artifacts = packageArtifacts({ ...RECIPE, formats: FORMATS }, await loadBase("debian-13"));
  t.deepEqual(
    artifacts.map(({ name }) => name.replace("postern-1.0.0-debian-13-amd64", "")),
    [".ova", "-vsphere.ova", ".vhdx", "-hyperv.zip", ".vhd", ".qcow2", ".img", ".iso"],
  );
});

test("a license agreement and a certificate are inputs; the key is not", async (t) => {
  await withFolder(async (folder) => {
    const [eula, key, certificate] = ["eula.txt", "sign.key", "sign.crt"].map((name) => join(folder, name));
    if (eula === undefined || key === undefined || certificate === undefined) return t.fail();
    await writeFile(eula, "Use it well.\n");
    await run("openssl", [
      ...["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "9", "-subj", "/CN=x"],
      ...["-keyout", key, "-out", certificate],
    ]);
    const names = async (change: Partial<Recipe>) =>
      Object.fromEntries((await stagesOf(change)).map(({ id, inputs }) => [id, Object.keys(inputs)]));
    const [plain, full] = await Promise.all([
      names({}),
      names({ ova: { eula }, sign: { key, certificate } }),
    ]);
    const more = (id: string) => full[id]?.filter((name) => !plain[id]?.includes(name));
    t.deepEqual(more("ova"), ["certificate"]);
    t.deepEqual(more("ova-vsphere"), ["eula", "certificate"]);
    t.deepEqual(more("vmdk"), []);
    // A key alone is for other signatures.
    t.deepEqual(await names({ sign: { key } }), plain);
    await writeFile(key, "not a key");
    const broken = stagesOf({ sign: { key, certificate } });
    t.is((await t.throwsAsync(broken, { instanceOf: PosternError }))?.code, "input.sign");
  });
});
