import test from "ava";
import {
  MIGRATIONS,
  type Migration,
  migrateSettings,
  SETTINGS_SCHEMA,
} from "../../../appliance/settings/migrate.ts";
import { SMALLEST } from "./fixtures.ts";

/** A past that never was: servers were called machines once, and clients before that. */
const STEPS: readonly Migration[] = [
  {
    from: 2,
    change(document) {
      document.set("servers", document.get("machines"));
      document.delete("machines");
    },
  },
  {
    from: 1,
    change(document) {
      document.set("machines", document.get("clients", true));
      document.delete("clients");
    },
  },
];

test("every form has a step to the next one, up to that of today", (t) => {
  t.deepEqual(
    MIGRATIONS.map(({ from }) => from).sort(),
    Array.from({ length: SETTINGS_SCHEMA - 1 }, (_, index) => index + 1),
  );
});

test("a file of today stays as it is, byte for byte; so does what is no settings file", (t) => {
  for (const text of [SMALLEST, `# c\r\n${SMALLEST}`, "a: [", "", "schema: one\n", "schema: 1.5\n"])
    t.is(migrateSettings(text, "x"), text);
});

test("an older file goes one step at a time, and keeps its comments", (t) => {
  const old = "# ours\nschema: 1\nhostname: a # the first\nclients:\n  - cidr: 10.0.0.0/8 # all\n";
  const migrated = migrateSettings(old, "x", STEPS, 3);

  t.is(migrated, "# ours\nschema: 3\nhostname: a # the first\nservers:\n  - cidr: 10.0.0.0/8 # all\n");
  t.is(migrateSettings(migrated, "x", STEPS, 3), migrated, "a second time nothing happens");
});

test("a newer file is refused with what to do, and so is one that no step leads on from", (t) => {
  t.throws(() => migrateSettings("schema: 2\n", "x"), {
    code: "input.settings-newer",
    message: /form 2; this Postern knows 1/,
  });
  t.throws(() => migrateSettings("schema: 0\n", "x"), { code: "input.settings", message: /form 0 to 1/ });
  t.throws(() => migrateSettings("schema: 1\n", "x", STEPS.slice(0, 1), 3), { code: "input.settings" });
});
