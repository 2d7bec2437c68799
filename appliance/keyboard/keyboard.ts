import { HEADER } from "../rendered.ts";
import type { Keyboard } from "../settings/settings.ts";

/** /etc/default/keyboard (keyboard(5)). Shells read it; the schema lets only letters, digits, - and _ in. */
export function keyboardText({ layout, variant = "" }: Keyboard): string {
  return `${HEADER}XKBMODEL="pc105"
XKBLAYOUT="${layout}"
XKBVARIANT="${variant}"
XKBOPTIONS=""
BACKSPACE="guess"
`;
}
