import test from "ava";
import { rootCommand } from "../../../builder/host/privilege.ts";

test("root runs the command as it is", (t) => {
  t.deepEqual(rootCommand("tar", ["-x"], true), { command: "tar", args: ["-x"] });
});

test("everybody else runs it in a user namespace", (t) => {
  t.deepEqual(rootCommand("tar", ["-x"], false), {
    command: "unshare",
    args: ["--map-root-user", "--map-auto", "--", "tar", "-x"],
  });
});

test("who mounts gets a mount namespace, too", (t) => {
  t.deepEqual(rootCommand("mmdebstrap", [], false, true).args.slice(0, 3), [
    "--map-root-user",
    "--map-auto",
    "--mount",
  ]);
  t.deepEqual(rootCommand("mmdebstrap", [], true, true), { command: "mmdebstrap", args: [] });
});
