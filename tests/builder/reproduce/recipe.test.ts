import test from "ava";
import { PosternError } from "../../../builder/error.ts";
import { type BuildRecord, recordedRecipe } from "../../../builder/evidence/record.ts";
import { rebuildRecipe } from "../../../builder/reproduce/recipe.ts";
import { record } from "./kit.ts";

const GIVEN = { settings: "/home/me/answers.yaml", overlays: ["/home/me/own"], ova: {}, sign: {} };

const SIGN = { key: "/home/me/signer.key", certificate: "/home/me/signer.crt" };

/** Of a build whose OVAs are signed and show an agreement. */
function signedRecord(): BuildRecord {
  const first = rebuildRecipe(record(), { ...GIVEN, ova: {}, sign: {} }, "x.build.json");
  const recipe = recordedRecipe({ ...first, ova: { eula: "/home/me/terms.txt" }, sign: SIGN });
  return { ...record(), recipe };
}

test("who signed and what must be accepted come from the recipe file, and the key's place is in no record", (t) => {
  const signed = signedRecord();
  t.false(JSON.stringify(signed).includes("signer.key"));
  const ova = { eula: "/mnt/terms.txt" };
  const recipe = rebuildRecipe(signed, { ...GIVEN, ova, sign: SIGN }, "x.build.json");
  t.like(recipe, { ova, sign: SIGN });
  const unsigned = rebuildRecipe(record(), { ...GIVEN, ova, sign: SIGN }, "x.build.json");
  t.deepEqual([unsigned.ova, unsigned.sign], [{}, {}]);
});

test("a record's recipe is the first build's, with the base that was chosen and the files that are given", (t) => {
  const recipe = rebuildRecipe(record(), GIVEN, "x.build.json");
  t.like(recipe, { base: "debian-13", epoch: 1_767_225_600, packages: ["nano"], ...GIVEN });
  t.deepEqual(recipe.sign, {});
  t.false("keyring" in recipe, "the key's own place on this host will do");
  t.false("signed" in recipe);
});

test("a recipe, recorded and rebuilt, is the same recipe", (t) => {
  const recipe = rebuildRecipe(record(), { ...GIVEN, keyring: "/k.gpg" }, "x.build.json");
  const second = rebuildRecipe(
    { ...record(), recipe: recordedRecipe(recipe) },
    { ...GIVEN, keyring: "/k.gpg" },
    "x.build.json",
  );
  t.deepEqual(second, recipe);
});

test("every file that is missing is told at once", (t) => {
  const error = t.throws(
    () => rebuildRecipe(signedRecord(), { overlays: ["/home/me/other"], ova: {}, sign: {} }, "x.build.json"),
    {
      instanceOf: PosternError,
    },
  );
  t.is(error?.code, "input.rebuild");
  t.regex(error?.message ?? "", /--settings.*answers\.yaml/);
  t.regex(error?.message ?? "", /ova\.eula \(--recipe\).*terms\.txt/);
  t.regex(error?.message ?? "", /sign\.certificate \(--recipe\).*signer\.crt/);
  t.regex(error?.message ?? "", /overlays \(--recipe\).*own.*other/);
});
