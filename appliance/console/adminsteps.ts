import { hashPassword, passwordText } from "../access/password.ts";
import { openTo, sshKey, workspace } from "../settings/fields.ts";
import { overlapProblem } from "../settings/relations.ts";
import { CLOUDS } from "../settings/settings.ts";
import { fingerprint, parseSshKey } from "../settings/sshkey.ts";
import { knownNetworks } from "./clientsteps.ts";
import { words } from "./draft.ts";
import { askText, lookBy, lookByWord, type Step } from "./step.ts";

export const passwordStep: Step = {
  part: "admin",
  applies: () => true,
  async ask(draft, { system, asker }) {
    const isSet = draft.passwordHash !== undefined;
    const first = await asker.text({
      title: "Administrator: password",
      lines: [
        "For the account postern, at this console. SSH takes keys only. At least 12 characters.",
        ...(isSet ? ["A password is set; Enter alone keeps it."] : []),
      ],
      isSecret: true,
      look: (text) => (text === "" && isSet ? {} : lookBy(passwordText, () => "good")(text)),
    });
    if (first.kind !== "value") return { way: first.kind, draft };
    if (first.value === "") return { way: "next", draft };
    const again = await asker.text({
      title: "Administrator: password again",
      lines: ["Type it once more. Esc: back to the first one."],
      isSecret: true,
      look: (text) => (text === first.value ? { note: "the same" } : { problem: "the same password" }),
    });
    if (again.kind === "gone") return { way: "gone", draft };
    if (again.kind === "back") return this.ask(draft, { system, asker });
    return { way: "next", draft: { ...draft, passwordHash: await hashPassword(system, first.value) } };
  },
};

export const keyStep: Step = {
  part: "admin",
  applies: () => true,
  async ask(draft, { asker }) {
    let keys = draft.sshKeys;
    for (;;) {
      const answer = await asker.text({
        title:
          keys.length === 0
            ? "Administrator: SSH public key"
            : "Administrator: another SSH key, or Enter to go on",
        lines:
          keys.length === 0
            ? ["Paste one line of a .pub file. Enter alone: no SSH, this console only."]
            : [...keys.map(keyLine), "", "-1 takes out the first."],
        look: (text) => {
          if (text.trim() === "" || removed(keys, text) !== undefined) return {};
          return lookBy(sshKey, keyNote)(text);
        },
      });
      if (answer.kind === "gone") return { way: "gone", draft };
      if (answer.kind === "back") return { way: "back", draft: { ...draft, sshKeys: keys } };
      const line = answer.value.trim();
      if (line === "") return { way: "next", draft: { ...draft, sshKeys: keys } };
      const parsed = sshKey(line);
      if (parsed.ok) keys = keys.includes(parsed.value) ? keys : [...keys, parsed.value];
      else keys = removed(keys, line) ?? keys;
    }
  },
};

export const sshFromStep: Step = {
  part: "admin",
  applies: ({ sshKeys }) => sshKeys.length > 0,
  ask(draft, context) {
    const own = knownNetworks(draft, context.system);
    return askText(
      draft,
      context,
      {
        title: "Administrator: which networks may use SSH?",
        lines: [
          "CIDRs with spaces between; name as few machines as you can. Being a client of the proxy gives no SSH.",
          "Empty: the network this machine stands in when the settings are applied.",
        ],
        initial: draft.sshFrom === "" ? own.join(" ") : draft.sshFrom,
        look: (text) => {
          const problem = overlapProblem(words(text).map((cidr) => ({ cidr })));
          return problem === undefined ? lookByWord(openTo, 0)(text) : { problem };
        },
      },
      (sshFrom) => ({ sshFrom }),
    );
  },
};

const CLOUD_NAMES = {
  commercial: "Commercial",
  gcc: "GCC",
  "gcc-high": "GCC High",
  dod: "DoD",
} as const;

export const cloudStep: Step = {
  part: "defender",
  applies: () => true,
  async ask(draft, { asker }) {
    const answer = await asker.choose({
      title: "Defender: which cloud?",
      lines: ["Where your tenant is. Only the names of that cloud are let through."],
      choices: CLOUDS.map((cloud) => ({
        value: cloud,
        label: CLOUD_NAMES[cloud],
        ...(cloud === "commercial" ? { hint: "right for nearly everybody" } : {}),
      })),
      initial: CLOUDS.indexOf(draft.cloud),
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    return { way: "next", draft: { ...draft, cloud: answer.value } };
  },
};

export const workspaceStep: Step = {
  part: "defender",
  applies: () => true,
  ask: (draft, context) =>
    askText(
      draft,
      context,
      {
        title: "Defender: Identity workspace names",
        lines: [
          "For Defender for Identity sensors v2: the workspace names with spaces between, such as contoso-corp.",
          "Empty: no sensor v2 gets through. Sensors v3 and Defender for Endpoint need nothing here.",
        ],
        initial: draft.workspaces,
        look: lookByWord(workspace, 0),
      },
      (workspaces) => ({ workspaces }),
    ),
};

function keyLine(key: string, index: number): string {
  return `${index + 1}. ${keyNote(key)}`;
}

function keyNote(key: string): string {
  const parsed = parseSshKey(key);
  return parsed.ok ? `${parsed.value.type} ${fingerprint(parsed.value)} ${parsed.value.comment}` : "";
}

function removed(keys: readonly string[], text: string): string[] | undefined {
  const index = Number(/^-(\d+)$/.exec(text.trim())?.[1] ?? 0) - 1;
  return keys[index] === undefined ? undefined : keys.filter((_, at) => at !== index);
}
