import type { Status } from "../../check/status.ts";
import { thousands } from "./figures.ts";
import { secondsLeft, serviceName } from "./statuswords.ts";

/** Something that somebody should see first. */
export interface Notice {
  /** One word in capitals, at most eleven characters. */
  label: string;
  text: string;
  /** For a narrow screen: at most 38 characters with its label. */
  short: string;
}

const FULL = 95;
const FILLING = 85;

/** What is not as it should be, the most urgent first. Empty on a machine that is well. */
export function statusNotices(status: Status, hasKeys: boolean): Notice[] {
  return [
    ...waitingNotice(status, hasKeys),
    ...addressNotice(status),
    ...gatewayNotice(status),
    ...clockNotice(status),
    ...diskNotices(status),
    ...reachNotices(status),
    ...catalogueNotice(status),
    ...restartNotice(status, hasKeys),
    ...updateNotice(status),
  ];
}

function waitingNotice({ waiting, time }: Status, hasKeys: boolean): Notice[] {
  if (waiting === undefined) return [];
  const seconds = secondsLeft(waiting.deadline, time);
  const how = hasKeys ? "[y] keep it  [n] go back" : "keep it: posternctl confirm";
  return [
    {
      label: "CONFIRM",
      text: `the change goes back by itself in ${seconds} s   ${how}`,
      short: hasKeys ? `CONFIRM in ${seconds} s: [y] keep [n] go back` : `CONFIRM in ${seconds} s`,
    },
  ];
}

function addressNotice({ addresses }: Status): Notice[] {
  if (addresses.some(({ address }) => address !== "")) return [];
  if (addresses.some(({ hasLink }) => hasLink)) {
    const text = "none yet: check DHCP and the VLAN, or give a static one";
    return [{ label: "ADDRESS", text, short: "NO ADDRESS: DHCP does not answer" }];
  }
  const what = addresses.length === 0 ? "no network card was found" : "no card is connected";
  const text = `${what}: check the cable, or the VM's network card`;
  return [{ label: "LINK", text, short: `NO LINK: ${what}` }];
}

function gatewayNotice({ addresses, gateway }: Status): Notice[] {
  if (addresses.every(({ address }) => address === "")) return [];
  if (gateway === undefined)
    return [{ label: "GATEWAY", text: "there is no default route", short: "NO GATEWAY" }];
  if (gateway.state !== "silent") return [];
  const text = `${gateway.address} does not answer; is it right, and the network too?`;
  return [{ label: "GATEWAY", text, short: `GATEWAY ${gateway.address} is silent` }];
}

function clockNotice({ clock }: Status): Notice[] {
  if (clock.state === "ok") return [];
  if (clock.state === "silent")
    return [{ label: "CLOCK", text: "chrony does not answer: posternctl check", short: "CLOCK unknown" }];
  const text = "not synchronised; name a time server it can reach (UDP 123)";
  return [{ label: "CLOCK", text, short: "CLOCK not synchronised" }];
}

function diskNotices({ disks }: Status): Notice[] {
  return disks
    .filter(({ percent }) => percent >= FILLING)
    .map(({ name, percent }) => {
      const state = percent >= FULL ? "FULL" : "filling";
      return {
        label: "DISK",
        text: `the ${name} partition is ${state}: ${percent} %; enlarge the disk`,
        short: `DISK ${name} ${state}: ${percent} %`,
      };
    });
}

function reachNotices({ reach }: Status): Notice[] {
  return (reach?.services ?? [])
    .filter(({ state }) => state === "fail")
    .map(({ id, detail }) => ({
      label: "DEFENDER",
      text: `${serviceName(id)}: ${detail}`,
      short: `${serviceName(id)} NOT REACHED`,
    }));
}

function catalogueNotice({ catalogue }: Status): Notice[] {
  const problem = catalogue?.problem;
  return problem === undefined
    ? []
    : [{ label: "CATALOGUE", text: problem, short: "CATALOGUE: the image's own is used" }];
}

function restartNotice({ rebootNeeded, updates }: Status, hasKeys: boolean): Notice[] {
  if (!rebootNeeded) return [];
  const by = hasKeys ? "[b] reboot" : "systemctl reboot";
  const when = updates.restarts ? `it happens ${updates.installs}, or by ${by}` : `when it suits: ${by}`;
  return [{ label: "RESTART", text: `an update needs one; ${when}`, short: "RESTART needed by an update" }];
}

function updateNotice({ updates: { pending, installs } }: Status): Notice[] {
  if (installs !== undefined || pending === undefined || pending.security === 0) return [];
  const count = thousands(pending.security);
  const text = `${count} for security wait; the settings keep them from installing`;
  return [{ label: "UPDATES", text, short: `UPDATES: ${count} for security wait` }];
}
