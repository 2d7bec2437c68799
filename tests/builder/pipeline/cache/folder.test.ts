import test from "ava";
import { type CacheWish, cacheFolder } from "../../../../builder/pipeline/cache/folder.ts";

const CASES: [string, CacheWish["env"], string | undefined, string][] = [
  ["the flag first", { POSTERN_CACHE: "/p", XDG_CACHE_HOME: "/x", HOME: "/h" }, "f", "/cwd/f"],
  ["then POSTERN_CACHE", { POSTERN_CACHE: "/p", XDG_CACHE_HOME: "/x", HOME: "/h" }, undefined, "/p"],
  ["then the XDG folder", { POSTERN_CACHE: "", XDG_CACHE_HOME: "/x", HOME: "/h" }, undefined, "/x/postern"],
  ["a relative XDG folder is none", { XDG_CACHE_HOME: "x", HOME: "/h" }, undefined, "/h/.cache/postern"],
  ["then the home folder", { HOME: "/h" }, undefined, "/h/.cache/postern"],
];
for (const [what, env, flag, root] of CASES) {
  test(`the cache's place: ${what}`, (t) => {
    t.is(cacheFolder({ flag, cwd: "/cwd", env }).root, root);
  });
}

test("no place at all is an error", (t) => {
  t.throws(() => cacheFolder({ cwd: "/cwd", env: {} }), { message: /no cache folder/ });
});
