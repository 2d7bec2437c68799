import test from "ava";
import { ENDINGS, formatOfName } from "../../../builder/formats/names.ts";
import { FORMATS } from "../../../builder/recipe/recipe.ts";

test("a format is known by the ending of its own files, and of no other", (t) => {
  for (const format of FORMATS) t.is(formatOfName(`postern-1.0.0-debian-13-amd64${ENDINGS[format]}`), format);
  for (const name of ["SHA256SUMS", "x.build.json", "x.zip", "x.img.part", "vhdx"]) {
    t.is(formatOfName(name), undefined);
  }
});
