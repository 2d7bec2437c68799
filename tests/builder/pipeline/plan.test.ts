import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { cacheFolder, makeCache } from "../../../builder/pipeline/cache/folder.ts";
import { lastStages, orderStages } from "../../../builder/pipeline/order.ts";
import { type Plan, planStages } from "../../../builder/pipeline/plan.ts";
import type { BuildEvent } from "../../../builder/pipeline/report/events.ts";
import { runPlan } from "../../../builder/pipeline/run.ts";
import type { Stage } from "../../../builder/pipeline/stage.ts";
import { scratch } from "../../kit/scratch.ts";
import { fixtureBuild, type Steering } from "../kit/stages.ts";

const bare = (id: string, ...needs: string[]): Stage => ({
  id,
  title: id,
  needs,
  inputs: {},
  outputs: [],
  run: async () => undefined,
});

test("stages come after those they need, else in their own order", (t) => {
  const stages = [bare("ova", "disk", "seal"), bare("disk", "seal"), bare("other"), bare("seal")];
  t.deepEqual(
    orderStages(stages).map(({ id }) => id),
    ["seal", "disk", "ova", "other"],
  );
  t.deepEqual(lastStages(stages), ["ova", "other"]);
});

const WRONG: [string, Stage[], RegExp][] = [
  ["a circle", [bare("a", "b"), bare("b", "c"), bare("c", "a")], /a -> b -> c -> a/],
  ["a need that is not there", [bare("a", "b")], /stage a needs b, which is not there/],
  ["a name twice", [bare("a"), bare("a")], /two stages are named a/],
  ["a name that leads elsewhere", [bare("../a")], /not a plain name/],
];
for (const [what, stages, message] of WRONG) {
  test(`${what} is refused`, (t) => {
    t.throws(() => orderStages(stages), { message });
  });
}

async function setup(t: ExecutionContext) {
  const cache = cacheFolder({ flag: "cache", cwd: await scratch(t), env: {} });
  const plan = (steering: Steering = {}, wanted?: string[]): Promise<Plan> =>
    planStages(fixtureBuild(steering).stages, cache, wanted);
  const build = async (planned: Plan, keepGoing = false) => {
    await makeCache(cache);
    const events: BuildEvent[] = [];
    const result = await runPlan(planned, {
      cache,
      jobs: 2,
      keepGoing,
      debug: false,
      signal: new AbortController().signal,
      reporter: { emit: (event) => events.push(event), close: () => undefined },
      read: [],
    });
    return { ...result, events };
  };
  return { cache, plan, build };
}

/** `base cached`, or `base: reasons`. */
function fates({ stages }: Plan): string[] {
  return stages.map(({ stage, fate }) =>
    fate.kind === "run" ? `${stage.id}: ${fate.why.join(", ")}` : `${stage.id} ${fate.kind}`,
  );
}

test("a plan touches nothing, not even to make the cache", async (t) => {
  const { cache, plan } = await setup(t);
  t.deepEqual(fates(await plan()), [
    "seed: never built",
    "left: never built",
    "right: never built",
    "image: never built",
  ]);
  await t.throwsAsync(readdir(cache.root), { code: "ENOENT" });
});

test("a plan says what is cached, what changed, and what is not needed", async (t) => {
  const { cache, plan, build } = await setup(t);
  await build(await plan());
  t.deepEqual(fates(await plan()), ["seed cached", "left cached", "right cached", "image cached"]);
  t.deepEqual(fates(await plan({ FIXTURE_TEXT: "new" })), [
    "seed: text changed",
    "left: needs seed",
    "right: needs seed",
    "image: needs left, needs right",
  ]);
  const [left = ""] = (await readdir(cache.stages)).filter((name) => name.startsWith("left-"));
  await rm(join(cache.stages, left), { recursive: true });
  t.deepEqual(fates(await plan()), ["seed cached", "left not needed", "right cached", "image cached"]);
  const [image = ""] = (await readdir(cache.stages)).filter((name) => name.startsWith("image-"));
  await rm(join(cache.stages, image, "image.txt"));
  t.deepEqual(fates(await plan()), [
    "seed cached",
    "left: never built",
    "right cached",
    "image: cache entry damaged: file image.txt is missing",
  ]);
});

test("what was built before and is built back is still there", async (t) => {
  const { plan, build } = await setup(t);
  await build(await plan());
  await build(await plan({ FIXTURE_TEXT: "new" }));
  t.deepEqual(fates(await plan()), ["seed cached", "left cached", "right cached", "image cached"]);
});

test("only what is wanted runs", async (t) => {
  const { plan, build } = await setup(t);
  const { entries, failures } = await build(await plan({}, ["right"]));
  t.deepEqual([...entries.keys()].sort(), ["right", "seed"]);
  t.deepEqual(failures, []);
});

test("the first failure stops the rest; with keepGoing only what depends on it", async (t) => {
  const { plan, build } = await setup(t);
  const stopped = await build(await plan({ FIXTURE_FAIL: "seed" }));
  t.deepEqual(
    stopped.failures.map(({ stage }) => stage),
    ["seed"],
  );
  t.deepEqual([...stopped.notRun].sort(), ["image", "left", "right"]);
  const going = await build(await plan({ FIXTURE_FAIL: "left" }), true);
  t.deepEqual(
    going.failures.map(({ stage }) => stage),
    ["left"],
  );
  t.deepEqual(going.notRun, ["image"]);
  t.true(going.entries.has("right"));
});

test("a stage may neither read what it does not need nor leave out what it promised", async (t) => {
  const { cache, build } = await setup(t);
  const curious: Stage = { ...bare("curious"), run: async ({ input }) => void input("seed", "seed.txt") };
  const lazy: Stage = { ...bare("lazy"), outputs: ["promised"] };
  const { failures } = await build(await planStages([curious, lazy], cache), true);
  t.deepEqual(failures.map(({ error }) => String(error)).sort(), [
    "Error: stage curious reads seed without needing it",
    "Error: stage lazy did not leave promised",
  ]);
});
