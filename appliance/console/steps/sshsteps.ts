import { openTo, sshKey } from "../../settings/fields.ts";
import { overlapProblem } from "../../settings/relations.ts";
import { fingerprint, parseSshKey } from "../../settings/sshkey.ts";
import { type Draft, hasSsh, words } from "../draft.ts";
import { knownNetworks } from "./clientsteps.ts";
import { askList } from "./liststep.ts";
import { askText, canonicalWords, lookByWord, type Step } from "./step.ts";

const KEY = "Administrator: SSH public key";

export const keyStep: Step = {
  async ask(draft, { asker }) {
    const { [KEY]: typed = "", ...unfinished } = draft.unfinished;
    const answer = await askList<string>(asker, {
      titles: [KEY, "Administrator: another SSH key, or Enter to go on"],
      lines: (keys) => [
        "Paste one line of a .pub file: ssh-ed25519 AAAA... name",
        ...(keys.length === 0 ? ["Enter alone: no SSH, this console only."] : []),
      ],
      items: draft.sshKeys,
      typed,
      heading: "May log in as postern",
      read: (line) => {
        const key = sshKey(line);
        return key.ok ? [key.value] : { problem: key.problem };
      },
      check: (all) => (new Set(all).size < all.length ? "a key that is not there yet" : undefined),
      show: keyText,
      note: (added) => added.map(keyText).join(", "),
    });
    const kept = answer.typed === "" ? unfinished : { ...unfinished, [KEY]: answer.typed };
    return { way: answer.way, draft: { ...draft, sshKeys: answer.items, unfinished: kept } };
  },
};

/** A key as people compare it. */
export function keyText(line: string): string {
  const parsed = parseSshKey(line);
  if (!parsed.ok) return "a key";
  return `${parsed.value.type} ${fingerprint(parsed.value)} ${parsed.value.comment}`.trimEnd();
}

export const sshFromStep: Step = {
  applies: hasSsh,
  ask(draft, context) {
    const own = knownNetworks(draft, context.system);
    return askText(draft, context, {
      title: "Administrator: which networks may use SSH?",
      lines: [
        "CIDRs with spaces between, such as 10.20.9.0/24; name as few machines as you can.",
        "Being a client of the proxy gives no SSH.",
        "Empty: the network this machine stands in when the settings are applied.",
      ],
      initial: draft.sshFrom === "" ? own.join(" ") : draft.sshFrom,
      look: (text) => {
        const problem = overlapProblem(words(text).map((cidr) => ({ cidr })));
        return problem === undefined ? lookByWord(openTo, 0)(text) : { problem };
      },
      store: (text) => ({ sshFrom: canonicalWords(openTo, text) }),
    });
  },
};

export const passwordLoginStep: Step = {
  async ask(draft, { asker }) {
    const answer = await asker.choose({
      title: "Administrator: SSH with the password?",
      lines: ["Keys cannot be guessed, passwords can. The password always works at this console."],
      choices: [
        { value: false, label: "No", hint: "SSH takes keys only" },
        { value: true, label: "Yes", hint: "SSH takes a key or the password" },
      ],
      initial: draft.passwordLogin ? 1 : 0,
    });
    if (answer.kind !== "value") return { way: answer.kind, draft };
    return { way: "next", draft: { ...draft, passwordLogin: answer.value } };
  },
};

/** Who may log in by SSH, in words. */
export function sshText(draft: Draft): string {
  if (!hasSsh(draft)) return "SSH closed";
  const { sshKeys, sshFrom, passwordLogin } = draft;
  const keys = sshKeys.length === 1 ? "1 SSH key" : `${sshKeys.length} SSH keys`;
  const ways = `${keys}${passwordLogin ? " and the password" : ""}`;
  return `${ways}, SSH from ${words(sshFrom).join(", ") || "this machine's own network"}`;
}
