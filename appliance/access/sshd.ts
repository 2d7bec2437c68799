import { HEADER } from "../rendered.ts";
import type { Admin } from "../settings/settings.ts";

/**
 * What the settings say about sshd (sshd_config(5)); all else stands in the image's own file, which is read
 * after this one, and the first value wins.
 *
 * The password goes by PasswordAuthentication, which asks PAM as well; a second way to ask for it stays closed.
 */
export function sshdText({ passwordLogin }: Admin): string {
  return `${HEADER}PasswordAuthentication ${passwordLogin ? "yes" : "no"}\nKbdInteractiveAuthentication no\n`;
}
