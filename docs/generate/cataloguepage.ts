import { builtInCatalogue } from "../../appliance/endpoints/catalogue.ts";
import { cell, code, GENERATED, tableOf } from "./markdown.ts";

const INTRODUCTION = `# The catalogue of names

Which names the proxy lets through is chosen from one file, the catalogue: every name of the Microsoft Defender cloud
that a page of Microsoft, or one of its tools, names. Each entry says

- the \`host\`: a name; with a dot in front that name and every one below; \`{workspace}\` for the customer's own; \`*\`
  for a part of one label,
- \`ports\`, \`clouds\`, \`regions\`, \`connectivity\`, \`service\`, \`os\`, and whether the service's list calls it
  \`required\`,
- its \`breadth\`: run by Microsoft for this (\`microsoft\`), by Microsoft for all tenants (\`shared\`), the customer's
  own (\`workspace\`), or \`broad\`: other tenants control the names or what lies there. A broad entry says in words what
  it \`opens\`, and where there is something narrower, \`narrower\` or \`instead\`,
- its \`sources\`, with the date of the edition that was read, and how sure they are (\`confidence\`),
- its \`tests\`: what to ask for there, and the status that Microsoft's own tools take as good. 400 and 404 are among
  them.

[catalogue.schema.json](catalogue.schema.json) is the form as JSON Schema (2020-12). \`posternctl\` looks closer: sources
and services that entries name exist, no source is newer than the version, no entry is there twice, narrower names are
entries of the same service.

## From the choice to Squid's lists

\`defender\` in [the settings](settings.md) chooses cloud, regions, connectivity, services, workspaces and the form of the
names. From that \`posternctl apply\` makes

| file in \`/etc/squid/postern\` | for | as |
|---|---|---|
| \`allowed-tls.txt\` | CONNECT to port 443 | \`dstdomain -n\` |
| \`allowed-tls-regex.txt\`, only where one is needed | the same, for names with a \`*\` inside | \`dstdom_regex -n -i\`, from the first character of a name to its last |
| \`allowed-web.txt\` | GET and HEAD on port 80 | \`dstdomain -n\` |

- The head of each file says what it was made from: catalogue, cloud, regions, connectivity, form, services, workspaces,
  broad names, extra destinations. The same choice makes the same bytes.
- A name that a wider one covers is left out: Squid does not start when the narrower one comes first.
- The head is kept to short lines: Squid reads at most 2048 bytes of a line, and takes the rest of a comment for values.

\`posternctl endpoints\` lists what is open and why, \`show NAME\` tells what is known of a name, \`explain HOST\` which
entry and which choice lets a host through or refuses it, and \`test\` asks Microsoft's own test addresses through the
proxy. There the status of the entry is a pass, 404 and 400 among them; a 403 to CONNECT is this proxy's own refusal; 502
and 503 mean that the name or the connection failed.
`;

const BROAD = `## Broad names

What stands here is never opened by a service alone, in neither form of names. One is opened where a chosen service uses
it *and* \`defender.broad\` names it:

\`\`\`yaml
defender:
  services: [mde, azure-arc]
  broad: [.blob.core.windows.net]
\`\`\`

Whoever gets onto a client can then use the same name to carry data out. What it opens is said in the review of the
console and each time settings are applied. A name that no chosen service uses stays closed, with a warning; one that the
catalogue does not have is refused. The default (streamlined, commercial, Defender for Identity by workspace) opens none.
`;

const UPDATING = `## Another catalogue

Microsoft's lists change several times a year. An image brings its catalogue, and a machine can take a newer one:

\`\`\`
posternctl endpoints update catalogue.json --dry-run
posternctl endpoints update catalogue.json
\`\`\`

1. \`catalogue.json.sig\` beside it has to be a signature by a key that the machine knows, made for this purpose. Nothing
   in the file is looked at before.
2. The file has the form, is at most 1 MiB, and is newer than the catalogue in use. \`--force\` takes one that is not: an
   old signed file could bring names back that were closed since.
3. It says which entries are added, removed and changed, and which names are opened and closed on this machine with its
   settings, and asks. \`--yes\` does not ask.
4. From here on it is a change like one of the settings ([changes.md](changes.md)): Squid reads the new lists
   before anything is touched, all files are swapped with a journal, and a power cut leaves the old catalogue or the new
   one, whole. Squid reads its lists again (\`squid -k reconfigure\`); it is not started afresh, and open tunnels stay,
   also those to a name that is closed now.

\`posternctl rollback\` is the way back. There is one history, of settings and catalogue together, because the lists are
made from both: an entry of it leads to the names that were open then, and nobody has to find out which catalogue belonged
to which settings. To go back to the image's own without the settings of that time: remove \`/etc/postern/catalogue.json\`
and run \`posternctl apply\`.

The installed catalogue lies in \`/etc/postern/catalogue.json\`. Where it is damaged the image's own is used, which the
status says and the next \`apply\` makes true on disk. When the software of the appliance is renewed and brings a
catalogue that is newer than both the installed one and the one that it replaced, the newer one is used from the next
\`apply\` on.

### Keys

A machine takes catalogues of the keys that its image brings, \`catalogueKeys\` in [the recipe](recipe.md), and of those in
its settings, \`defender.catalogueKeys\`. Only Ed25519. Without a key it takes none. To make a key, and to sign:

\`\`\`
ssh-keygen -t ed25519 -f catalogue-key -C catalogue
ssh-keygen -Y sign -n postern-catalogue -f catalogue-key catalogue.json
\`\`\`

The second writes \`catalogue.json.sig\`. \`-n postern-catalogue\` is part of what is signed: a signature that was made with
the same key for files, mail or commits does not count here. With \`-f\` and a \`.pub\` file the key may
live in ssh-agent.

## To make one

Begin with \`appliance/endpoints/catalogue.json\` of the version in use, change it, and give it today's date as
\`version\` (a second one of a day is \`2026-11-23.2\`). Name a source for each entry. A name without a source is left out,
as \`msdl.microsoft.com\` is, the symbol store: no list that was read names it. A \`{workspace}\` is one of Defender for
Identity; names by the id of a Log Analytics workspace are the customer's own affair and belong into
\`defender.extra\`. Then

\`\`\`
npm test -- tests/appliance/endpoints/ tests/appliance/proxy/everylist.test.ts
\`\`\`

holds it to its rules, and lets the real Squid read every list that any choice can lead to.
`;

/** docs/catalogue.md: the form, what broad names open, and how another catalogue is brought. */
export function cataloguePage(): string {
  return [GENERATED, INTRODUCTION, BROAD, broadTable(), "", UPDATING].join("\n");
}

function broadTable(): string {
  const { entries, services, version } = builtInCatalogue();
  const broad = entries.filter(({ breadth }) => breadth === "broad");
  const rows = [...new Set(broad.map(({ host }) => host))].map((host) => {
    const mine = broad.filter((entry) => entry.host === host);
    const choices = mine.flatMap(({ service }) => services.find(({ id }) => id === service)?.choices ?? []);
    const better = mine.flatMap(({ narrower = [], instead }) => [
      ...narrower.map((name) => `${code(name)}.`),
      ...(instead === undefined ? [] : [instead]),
    ]);
    return [
      code(host),
      cell([...new Set(choices)].join(", ")),
      cell(mine[0]?.opens ?? ""),
      cell([...new Set(better)].join(" ")),
    ];
  });
  const head = `As of the catalogue of ${version}:`;
  return [head, "", tableOf(["name", "services", "opens", "instead"], rows)].join("\n");
}
