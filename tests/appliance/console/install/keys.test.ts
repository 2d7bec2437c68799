import test from "ava";
import fc from "fast-check";
import { disk } from "../../install/disks.ts";
import { KEYS } from "../../kit/terminal.ts";
import { changes, liveMachine, sit } from "./sitting.ts";

const { enter, esc, up, down, clear, interrupt } = KEYS;

/** Keys that a person, a cat or a broken line may send; never the serial number. */
const anyKey = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(enter, esc, up, down, " ", "\t", clear, interrupt, "\u000c") },
  { weight: 3, arbitrary: fc.constantFrom("1", "2", "3", "back", "/dev/sda 480 GB", "yes", "-") },
  { weight: 1, arbitrary: fc.constantFrom("\u001b[", "\u001bO", "\u0004", "\u001a", "é", "\u0000") },
);

for (const [isPlain, columns, rows] of [
  [false, 80, 24],
  [false, 40, 9],
  [true, 80, 24],
] as const) {
  test(`any keys: nothing is erased and nothing scrolls (${isPlain ? "plain" : `${columns}x${rows}`})`, async (t) => {
    const run = fc.asyncProperty(fc.array(anyKey, { minLength: 1, maxLength: 30 }), async (keys) => {
      const machine = liveMachine(t, [disk(), disk({ path: "/dev/sdb", serial: "S2", wwn: "" })]);
      const { person, ended } = sit(t, { machine, isPlain, columns, rows });
      let crashed: unknown;
      ended.catch((error: unknown) => {
        crashed = error;
      });
      await person.read("Postern");
      for (const key of keys) {
        person.type(key);
        await person.calm();
      }
      person.input.end();
      await ended.catch(() => {});
      const written = changes(machine).filter((line) => !/^systemctl (reboot|poweroff)$/.test(line));
      return crashed === undefined && written.length === 0 && (isPlain || person.screen.scrolled === 0);
    });
    await fc.assert(run, { numRuns: 20, endOnFailure: true });
    t.pass();
  });
}
