import { GUEST_NETWORK } from "./kit/addresses.ts";
import { BOOT_PATIENCE } from "./kit/patience.ts";
import type { Machine } from "./kit/qemu.ts";

/** What an operator answers at the first boot; everything else takes what the console proposes. */
export interface Answers {
  network: "dhcp" | { address: string; gateway: string; dns: string };
  clients: string;
  password: string;
  sshKey: string;
}

export const FIRST_QUESTION = "Network: how does this machine get its address?";

/** Questions whose proposed answer is taken. */
const PROPOSED = [
  "Defender: which cloud?",
  "Defender: which services?",
  "Defender: where is the tenant's data?",
  "Defender: which connectivity?",
  "Defender: Identity workspace names",
  "Time: which time servers?",
];

/** Waits for the first question; returns the seconds from power-on to it. */
export async function firstQuestion(machine: Machine): Promise<number> {
  await machine.serial.expect(FIRST_QUESTION, { timeout: BOOT_PATIENCE, label: "the first question" });
  return machine.uptime() / 1000;
}

/** Answers every question up to the review, as `docs/console.md` has them. */
export async function answerQuestions({ serial }: Machine, answers: Answers): Promise<void> {
  const { network, clients, password, sshKey } = answers;
  // By its number: what is proposed hangs on whether an address has come by now.
  serial.line(network === "dhcp" ? "1" : "2");
  if (network !== "dhcp") {
    await serial.expect("Network: address of this machine");
    serial.line(network.address);
    await serial.expect("Network: gateway");
    serial.line(network.gateway);
    await serial.expect("Network: DNS servers");
    serial.line(network.dns);
  }
  await serial.expect("Clients: which networks may use the proxy?");
  serial.send("3");
  await serial.expect("Clients: a network");
  serial.line(clients);
  await serial.expect("Clients: another network, or Enter to go on");
  serial.key("enter");
  await serial.expect("Administrator: password");
  serial.line(password);
  await serial.expect("Administrator: password again");
  serial.line(password);
  await serial.expect("Administrator: SSH public key");
  serial.line(sshKey);
  await serial.expect("Administrator: another SSH key, or Enter to go on");
  serial.key("enter");
  await serial.expect("Administrator: which networks may use SSH?");
  // The line is filled with the machine's own network: so it has its address by now.
  await serial.expect(GUEST_NETWORK, { label: "the machine's own network is proposed for SSH" });
  serial.key("enter");
  for (const question of PROPOSED) {
    await serial.expect(question);
    serial.key("enter");
  }
  await serial.expect("Review: apply these settings?");
}

/**
 * Applies what the review shows, and waits until the status screen says that clients are served. On the way the
 * machine says that TLS is inspected: the fake cloud's authority is none that the public knows.
 */
export async function apply({ serial }: Machine): Promise<void> {
  serial.key("enter");
  await serial.expect("Applied, but not every check passed", { timeout: BOOT_PATIENCE });
  serial.key("enter");
  await expectServing(serial);
}

/** The status screen that says so; `NOT SERVING` does not count. */
export async function expectServing(serial: Machine["serial"]): Promise<void> {
  await serial.expect(/^\W*Serving\b/m, { timeout: BOOT_PATIENCE, label: "the status screen, serving" });
}
