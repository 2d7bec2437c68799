import test from "ava";
import { pathsUnder } from "../../../appliance/paths.ts";
import { recipeOf } from "../../../builder/recipe/defaults.ts";
import { bakedFiles } from "../../../builder/stages/baked.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRA4N5sNQt4h44yrnDU0oSnCrMhn2l1RoU6MHw7AhVo catalogue";
const context = { epoch: 1, flags: {}, fromFlags: (path: string) => path, fromFile: (path: string) => path };

test("keys for catalogues and for the administrator lie where posternctl looks, for root alone", async (t) => {
  const files = await bakedFiles(recipeOf({ catalogueKeys: [KEY], admin: { sshKeys: [KEY] } }, context));
  const { catalogueKeys, bakedKeys } = pathsUnder("/");

  t.deepEqual(
    files.map(({ path }) => path),
    [bakedKeys, catalogueKeys],
  );
  for (const { bytes, mode } of files) {
    t.is(String(bytes), `${KEY}\n`);
    t.is(mode, 0o600);
  }
  t.deepEqual(await bakedFiles(recipeOf({}, context)), []);
});
