import { utimesSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { clockCheck } from "../../../appliance/check/layers/time.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";

const make = (t: ExecutionContext) => ({
  system: makeMachine(tempFolder(t)),
  settings: undefined,
  patience: 0,
});

const CLOCKS: [string, number, string, string, string][] = [
  ["synchronised", 0, "A,1.2.3.4,3,1.5,-0.000123456,0,0,0,0,0,0,0,0,Normal\n", "ok", "synchronised (0.1 ms)"],
  ["far off", 0, "A,1.2.3.4,3,1.5,61.5,0,0,0,0,0,0,0,0,Normal\n", "warn", "synchronised (61500.0 ms)"],
  ["not synchronised", 0, "0,,0,0.0,0.0,0,0,0,0,0,0,0,0,Not synchronised\n", "warn", "not synchronised yet"],
  ["no chrony", 1, "506 Cannot talk to daemon\n", "warn", "chrony, which sets it, does not answer"],
];
for (const [title, code, stdout, state, detail] of CLOCKS) {
  test(`clock: ${title}`, async (t) => {
    const context = make(t);
    context.system.answers.set("chronyc", { code, stdout });

    t.like(await clockCheck(context), { state, detail });
  });
}

test("a clock from before the image was made is a failure", async (t) => {
  const context = make(t);
  lay(context.system.paths.root, "/usr/lib/postern/release.json", "{}");
  const later = new Date(Date.now() + 86_400_000);
  utimesSync(context.system.paths.release, later, later);

  const seen = await clockCheck(context);

  t.is(seen.state, "fail");
  t.regex(seen.detail, /^it is \d{4}-.* UTC here, before this image was made \(\d{4}-/);
});
