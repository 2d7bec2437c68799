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
