import test from "ava";
import { PosternError } from "../../../builder/error.ts";
import { recordedRecipe } from "../../../builder/evidence/record.ts";
import { rebuildRecipe } from "../../../builder/reproduce/recipe.ts";
import { record } from "./kit.ts";

const GIVEN = { settings: "/home/me/answers.yaml", overlays: ["/home/me/own"] };

test("a record's recipe is the first build's, with the base that was chosen and the files that are given", (t) => {
  const recipe = rebuildRecipe(record(), GIVEN, "x.build.json");
  t.like(recipe, { base: "debian-13", epoch: 1_767_225_600, packages: ["nano"], sign: {}, ...GIVEN });
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
  const error = t.throws(() => rebuildRecipe(record(), { overlays: ["/home/me/other"] }, "x.build.json"), {
    instanceOf: PosternError,
  });
  t.is(error?.code, "input.rebuild");
  t.regex(error?.message ?? "", /--settings.*answers\.yaml/);
  t.regex(error?.message ?? "", /overlays \(--recipe\).*own.*other/);
});
