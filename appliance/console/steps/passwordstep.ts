import { hashPassword, passwordText } from "../../access/password.ts";
import { strengthOf } from "../../access/strength.ts";
import type { Keyboard } from "../../settings/settings.ts";
import type { Look } from "../asking/asker.ts";
import type { Draft } from "../draft.ts";
import type { Step } from "./step.ts";

export const passwordStep: Step = {
  async ask(draft, context) {
    const { system, asker } = context;
    const isSet = draft.passwordHash !== undefined;
    const first = await asker.text({
      title: "Administrator: password",
      lines: [
        "For the account postern, at this console. At least 12 characters; a few words with spaces are fine.",
        ...(isSet ? ["A password is set; Enter alone keeps it."] : []),
      ],
      isSecret: true,
      look: (text) => (text === "" && isSet ? {} : lookAt(text, draft)),
    });
    if (first.kind !== "value") return { way: first.kind, draft };
    if (first.value === "") return { way: "next", draft };
    const again = await asker.text({
      title: "Administrator: password again",
      lines: [
        "Type it once more, so that a slip of the finger does not lock you out. Esc: the first one again.",
      ],
      isSecret: true,
      look: (text) => (text === first.value ? { note: "the same" } : { problem: "the same password" }),
    });
    if (again.kind === "gone") return { way: "gone", draft };
    if (again.kind === "back") return this.ask(draft, context);
    asker.page("Administrator: password");
    return { way: "next", draft: { ...draft, passwordHash: await hashPassword(system, first.value) } };
  },
};

function lookAt(text: string, { hostname, keyboard }: Draft): Look {
  const parsed = passwordText(text);
  if (!parsed.ok) return { problem: parsed.problem };
  const { word, why } = strengthOf(text, hostname);
  const places = isMovable(text, keyboard)
    ? " Some of its characters lie elsewhere on other keyboard layouts."
    : "";
  return { note: `strength: ${[word, ...why].join("; ")}.${places}` };
}

/** Letters that AZERTY keyboards have elsewhere; their digits need Shift. */
const AZERTY = /[aqwzm0-9]/i;

/** Whether another layout has a character on another key: signs nearly always, y and z on German ones. */
function isMovable(text: string, { layout }: Keyboard): boolean {
  return /[^a-z0-9 ]|[yz]/i.test(text) || (["fr", "be"].includes(layout) && AZERTY.test(text));
}
