import { afterRules } from "../../../appliance/firewall/after.ts";
import { outgoingFault } from "../../../appliance/firewall/inforce.ts";
import { outgoingAtFirst } from "../../../appliance/firewall/outgoing.ts";
import type { System } from "../../../appliance/system/system.ts";
import { FACTS } from "../kit/facts.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { openRoom, ROOM_TOOLS, type Room } from "../kit/room/room.ts";
import { tempFolder } from "../kit/temp.ts";
import { testWith } from "../kit/tools.ts";

const inRoom = testWith(ROOM_TOOLS, { root: true });

/** Files of a test's own; what the kernel says comes from the room. */
function inside(root: string, room: Room): System {
  const machine = makeMachine(root);
  return {
    ...machine,
    run: async (command, args) => ({ code: 0, stdout: await room.run(command, ...args), stderr: "" }),
  };
}

inRoom("rules that are in force are told from those that somebody changed", async (t) => {
  t.timeout(180_000);
  const room = await openRoom(t);
  const root = tempFolder(t);
  const system = inside(root, room);
  await room.run("ufw", "--force", "enable");
  t.is(await outgoingFault(system), undefined);

  await room.run("iptables", "-D", "ufw-after-output", "1");
  t.regex(
    (await outgoingFault(system)) ?? "",
    /^iptables has \d+ rules for it, \/etc\/ufw\/after\.rules has \d+$/,
  );

  await room.run("ufw", "reload");
  t.is(await outgoingFault(system), undefined, "ufw itself puts it right");

  await room.run("iptables", "-R", "ufw-after-output", String(ruleCount()), "-j", "ACCEPT");
  t.regex((await outgoingFault(system)) ?? "", /^iptables has/, "the refusal at the end is gone");

  await room.run("ufw", "reload");
  await room.run("ip6tables", "-P", "OUTPUT", "ACCEPT");
  t.is(await outgoingFault(system), "ip6tables lets everything out");

  lay(root, "/etc/ufw/after6.rules", "*filter\nCOMMIT\n");
  await room.run("ip6tables", "-P", "OUTPUT", "DROP");
  t.is(await outgoingFault(system), "there are no rules for it in /etc/ufw/after6.rules");
});

function ruleCount(): number {
  return afterRules(outgoingAtFirst(), 4, FACTS.accounts).split("\n-A ufw-after-output ").length - 1;
}
