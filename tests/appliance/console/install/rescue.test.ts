import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { hashPassword } from "../../../../appliance/access/password.ts";
import { disk, part } from "../../install/disks.ts";
import type { Machine } from "../../kit/machine.ts";
import { KEYS } from "../../kit/terminal.ts";
import { liveMachine, Shell, says, sit } from "./sitting.ts";

const { enter } = KEYS;
const PASSWORD = "correct horse battery";
const PARTS = [
  part({ path: "/dev/sda2", name: "esp", type: "vfat" }),
  part({ path: "/dev/sda3", name: "postern-root" }),
  part({ path: "/dev/sda4", name: "postern-log" }),
];

/** A server with an installed system whose administrator has this password field. */
async function installed(t: ExecutionContext, field: string | undefined): Promise<Machine> {
  const machine = liveMachine(t, [disk({ table: "gpt", parts: PARTS })], { mode: "rescue" });
  const { run } = machine;
  machine.run = async (command, args, options) => {
    const folder = args.at(-1) ?? "";
    if (command === "mount" && folder.includes("medium-") && field !== undefined) {
      mkdirSync(join(folder, "etc"), { recursive: true });
      mkdirSync(join(folder, "usr/lib/postern"), { recursive: true });
      writeFileSync(join(folder, "etc/shadow"), `root:*:1::::::\npostern:${field}:1:0:99999:7:::\n`);
      writeFileSync(join(folder, "usr/lib/postern/release.json"), '{"version":"0.9.0","base":"debian-13"}');
    }
    return run(command, args, options);
  };
  return machine;
}

test("the password of the installed system opens a shell with that system mounted", async (t) => {
  const hash = await hashPassword(liveMachine(t, []), PASSWORD);
  const machine = await installed(t, hash);
  const { person, ended } = sit(t, { machine });
  await says(person, "> 1. A shell for Postern 0.9.0");
  person.type(enter);
  await says(person, "Console password of the installed Postern 0.9.0");
  person.type(`wrong${enter}`);
  await says(person, "That was not the password.");
  person.type(`${PASSWORD}${enter}`);
  await says(person, "chroot /mnt");
  await ended.catch((error: unknown) => t.true(error instanceof Shell));
  const target = machine.paths.at("/mnt");
  const mounted = machine.ran.filter((line) => line.startsWith("mount") && line.includes(target));
  t.true(mounted.some((line) => line.includes(`/dev/sda3 ${target}`)));
  t.true(
    mounted.some((line) => line.includes("/dev/sda4")) && mounted.some((line) => line.includes("/dev/sda2")),
  );
  t.false(person.raw.includes(PASSWORD));
});

test("without an installed system there is no shell", async (t) => {
  const { person } = sit(t, { machine: liveMachine(t, [disk()], { mode: "rescue" }) });
  await says(person, "There is no Postern on this server");
  await says(person, "so there is no shell");
  t.false(person.screen.text.includes("A shell for"));
});

for (const field of ["!", "*", "", "!$y$j9T$abc"]) {
  test(`a password field "${field}" opens nothing`, async (t) => {
    const { person } = sit(t, { machine: await installed(t, field) });
    await says(person, "> 1. A shell for Postern 0.9.0");
    person.type(enter);
    await says(person, "This system has no console password");
    t.pass();
  });
}
