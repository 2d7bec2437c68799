import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { run } from "../../../builder/host/run.ts";
import { defaultEpoch, FIXED_EPOCH } from "../../../builder/recipe/epoch.ts";
import { scratch } from "../../kit/scratch.ts";

const { signal } = new AbortController();

test("SOURCE_DATE_EPOCH, else the commit, else a fixed date; never the clock", async (t) => {
  const folder = await scratch(t);
  t.is(await defaultEpoch({}, signal, folder), FIXED_EPOCH);
  const git = (...args: string[]) =>
    run("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      env: {
        GIT_COMMITTER_DATE: "1650000000 +0200",
        GIT_AUTHOR_DATE: "1640000000 +0000",
        GIT_CONFIG_GLOBAL: "/dev/null",
      },
    });
  await git("init", "--quiet");
  t.is(await defaultEpoch({}, signal, folder), FIXED_EPOCH, "nothing is committed yet");
  await git("commit", "--quiet", "--allow-empty", "--no-gpg-sign", "-m", "first");
  t.is(await defaultEpoch({}, signal, folder), 1650000000);
  t.is(await defaultEpoch({ SOURCE_DATE_EPOCH: "1700000000" }, signal, folder), 1700000000);
  const inner = join(folder, "unpacked");
  await mkdir(inner);
  t.is(await defaultEpoch({}, signal, inner), FIXED_EPOCH, "a release unpacked in somebody's checkout");
});

for (const text of ["yesterday", "-1", "1.5", "315532799", "4354819200", "99999999999", " 1700000000"]) {
  test(`SOURCE_DATE_EPOCH=${JSON.stringify(text)} is refused`, async (t) => {
    await t.throwsAsync(defaultEpoch({ SOURCE_DATE_EPOCH: text }, signal), { message: /SOURCE_DATE_EPOCH/ });
  });
}
