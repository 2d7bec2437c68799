import { DEFAULTS } from "../defaults.ts";
import { adminProblem, overlapProblem } from "../relations.ts";
import { flag, json, list, MOST_CLIENTS, MOST_NAMES, map, POSTERN, related, unique } from "./parts.ts";
import * as texts from "./texts.ts";

const NO_CLIENT = "at least one network: without it nobody is served";

/** Who may use the proxy. */
export const clients = list(
  map({
    cidr: texts
      .openTo()
      .required()
      .description("Network whose machines may use the proxy. Never everybody.")
      .note("With a netmask it is taken too: `10.20.0.0 255.255.0.0`.")
      .example("10.20.0.0/16"),
    label: texts
      .label()
      .description("Name beside it, for people: at most 40 letters, digits, spaces or `. _ - + & / ( )`.")
      .example("servers"),
  }),
  MOST_CLIENTS,
)
  .min(1)
  .required()
  .custom(related(overlapProblem))
  .messages({ ...POSTERN, "array.min": NO_CLIENT, "any.required": NO_CLIENT })
  .description("Networks that may use the proxy, none inside another. Without one nobody is served.");

/** Who may change it. */
export const admin = map({
  sshKeys: unique(texts.sshKey())
    .description("OpenSSH public keys of the account postern, one line of a .pub file each.")
    .example(["ssh-ed25519 AAAA... admin@desk"]),
  from: list(texts.openTo(), MOST_NAMES)
    .custom(related((from: string[]) => overlapProblem(from.map((cidr) => ({ cidr })))))
    .messages(POSTERN)
    .description(
      "Networks that may use SSH. Empty, and with a key: the network the machine itself stands in.",
    )
    .note("Without a key and without passwordLogin SSH is closed.")
    .example(["10.20.9.0/24"]),
  passwordLogin: flag()
    .default(false)
    .description("Whether SSH takes the password too. Needs passwordHash.")
    .example(true),
  passwordHash: texts
    .passwordHash()
    .description("Hash of the console password, yescrypt or SHA-512. Without it the account stays as it is.")
    .note("`mkpasswd -m yescrypt` prints one. The password itself never stands in the file.")
    .example("$y$j9T$..."),
})
  .custom(related(adminProblem))
  .default(DEFAULTS.admin)
  .meta(
    json({
      if: { properties: { passwordLogin: { const: true } }, required: ["passwordLogin"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ["passwordHash"] },
    }),
  )
  .description("Who logs in to the machine itself.");
