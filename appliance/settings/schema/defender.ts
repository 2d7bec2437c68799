import { DEFAULTS } from "../defaults.ts";
import { overlapProblem, servicesProblem, uniqueProblem } from "../relations.ts";
import { CLOUDS, CONNECTIVITIES, FORMS, REGIONS, SERVICES } from "../settings.ts";
import { flag, json, list, MOST_NAMES, map, oneOf, POSTERN, port, related, unique } from "./parts.ts";
import * as texts from "./texts.ts";

const ports = list(port(), MOST_NAMES)
  .min(1)
  .default([443])
  .custom(related((all: number[]) => uniqueProblem(all.map(String))))
  .messages({ ...POSTERN, "array.min": "at least one port" })
  .meta(json({ uniqueItems: true }))
  .description("Ports. 80 is opened for GET and HEAD, every other one for tunnels.")
  .example([443, 8443]);

const extra = map({
  host: texts
    .destinationName()
    .required()
    .description("Name, or with a dot in front the name and every one below it.")
    .note("`*.example.net` means the same as `.example.net`.")
    .example(".updates.example.net"),
  ports,
  label: texts.label().description("Name beside it, for people.").example("other agent"),
});

/** What the proxy lets through. */
export const defender = map({
  cloud: oneOf(CLOUDS)
    .default("commercial")
    .description("Microsoft cloud of the tenant.")
    .example("gcc-high"),
  regions: unique(oneOf(REGIONS))
    .description("Where a commercial tenant keeps its data. Empty: every region.")
    .example(["eu"]),
  connectivity: oneOf(CONNECTIVITIES)
    .default("streamlined")
    .description(
      "How devices were onboarded. Streamlined is Microsoft's default since 2024; standard opens more names.",
    )
    .example("standard"),
  services: unique(oneOf(SERVICES))
    .default(DEFAULTS.defender.services)
    .description("What is opened.")
    .example(["mde", "mdi", "windows-update"]),
  workspaces: unique(texts.workspace())
    .description("Defender for Identity workspaces, for sensor v2: the part of its address before sensorapi.")
    .example(["contoso-corp"]),
  form: oneOf(FORMS)
    .default("exact")
    .description("Where Microsoft documents both: each name by itself, or everything below a suffix.")
    .example("wildcard"),
  broad: unique(texts.broadName())
    .description(
      "Names of the catalogue that other tenants control, such as anybody's storage. A chosen service opens them only where they stand here.",
    )
    .note("[catalogue.md](catalogue.md) says what each of them opens.")
    .example([".blob.core.windows.net"]),
  extra: list(extra, MOST_NAMES)
    .custom(related((all: { host: string }[]) => uniqueProblem(all.map(({ host }) => host))))
    .messages(POSTERN)
    .description("Destinations that are not in the catalogue, each host once."),
  catalogueKeys: unique(texts.catalogueKey())
    .description("Ed25519 public keys that may sign a new catalogue, beside those that came with the image.")
    .example(["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRA4N5sNQt4h44yrnDU0oSnCrMhn2l1RoU6MHw7AhVo catalogue"]),
})
  .custom(related(servicesProblem))
  .default(DEFAULTS.defender)
  .description("What the proxy lets through. Everything else is refused.");

/** How the proxy gets out. */
export const proxy = map({
  upstream: map({
    host: texts.peerName().required().description("Name or address of it.").example("proxy.corp.example"),
    port: port().required().description("Port of it.").example(8080),
  }).description("Another proxy through which everything goes out. Without it directly."),
  privateDestinations: list(texts.privateNetwork(), MOST_NAMES)
    .custom(related((all: string[]) => overlapProblem(all.map((cidr) => ({ cidr })))))
    .messages(POSTERN)
    .description(
      "Private networks that an allowed name may lead to (Private Link). Else private addresses are refused.",
    )
    .example(["10.60.0.0/24"]),
  sniCheck: flag()
    .default(DEFAULTS.proxy.sniCheck)
    .description("Whether a tunnel must begin with a TLS hello for the very name that was asked for.")
    .note(
      "What passes is not decrypted. A refused tunnel gets a 200 and then a certificate that nobody trusts, not a page that says why.",
    )
    .example(true),
})
  .default(DEFAULTS.proxy)
  .description("How the proxy gets out.");
