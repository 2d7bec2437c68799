import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { ExecutionContext } from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { history } from "../../../appliance/apply/history.ts";
import type { Arguments } from "../../../appliance/commands/command.ts";
import { update } from "../../../appliance/commands/endpointsupdate.ts";
import type { Terminal } from "../../../appliance/commands/keep.ts";
import { rollBack } from "../../../appliance/commands/rollback.ts";
import { builtInCatalogue, type Catalogue } from "../../../appliance/endpoints/catalogue.ts";
import { catalogueInUse } from "../../../appliance/endpoints/installed.ts";
import { PosternError } from "../../../appliance/error.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { catalogueText, laySigned, makeSigner, type Signer, variant } from "../kit/catalogues.ts";
import { commandContext, YES } from "../kit/commandcontext.ts";
import { lay, type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";
import { testWith } from "../kit/tools.ts";

const withSigner = testWith(["ssh-keygen", "squid"]);
const NEW = "new.defender.microsoft.com";
const NEWER = variant("2099-01-01", { add: [{ host: NEW }], without: ["config.edge.skype.com"] });
const OLDER = {
  ...variant("2020-01-01"),
  sources: builtInCatalogue().sources.map((source) => ({ ...source, date: "undated" })),
};

interface Scene {
  machine: Machine;
  signer: Signer;
  file: string;
  folder: string;
  call(options?: { flags?: string[]; input?: Terminal }): Promise<{ code: number; text: string }>;
}

/** A machine in service whose settings know a key, and a catalogue that the key signed. */
async function scene(
  t: ExecutionContext,
  catalogue: Catalogue | string = NEWER,
  keys = true,
): Promise<Scene> {
  const [root, folder] = [tempFolder(t), tempFolder(t)];
  const machine = makeMachine(root);
  const signer = makeSigner(folder, "signer");
  const text = `schema: 1\nclients:\n  - cidr: 10.20.0.0/16\n${keys ? `defender: { catalogueKeys: ["${signer.line}"] }\n` : ""}`;
  await apply(machine, requestOf(text), () => {});
  machine.ran.length = 0;
  const file = join(folder, "catalogue.json");
  laySigned(file, typeof catalogue === "string" ? catalogue : catalogueText(catalogue), signer);
  return {
    machine,
    signer,
    file,
    folder,
    async call({ flags = ["yes"], input = new PassThrough() } = {}) {
      const { context, printed } = commandContext(machine);
      const args: Arguments = { flags: new Set(flags), values: new Map(), rest: ["update", file] };
      const code = await update(context, parseSettings(text, "x"), file, args, { patience: 0, input });
      return { code, text: printed.join("\n") };
    },
  };
}

const list = ({ paths }: Machine, name = "allowed-tls.txt") =>
  readFileSync(paths.at(`/etc/squid/postern/${name}`), "utf8");
const version = async ({ paths }: Machine) => (await catalogueInUse(paths)).catalogue.version;

withSigner("a signed newer catalogue is put in force, and the difference is said", async (t) => {
  const { machine, call } = await scene(t);
  const { text } = await call();

  t.regex(text, /catalogue of 2099-01-01, signed by SHA256:/);
  t.regex(text, new RegExp(`Entry added: ${NEW} \\(Defender for Endpoint`));
  t.regex(text, /Entry removed: config\.edge\.skype\.com/);
  t.true(text.includes(`Opened for this machine: ${NEW} on port 443`));
  t.regex(text, /Closed for this machine: config\.edge\.skype\.com on port 443/);
  t.false(list(machine).includes("config.edge.skype.com"));
  t.regex(list(machine), /^# Catalogue of 2099-01-01$/m);
  t.is(await version(machine), "2099-01-01");
  t.true(machine.ran.includes("systemctl reload squid.service"));
  t.false(
    machine.ran.some((line) => /restart|stop/.test(line)),
    "no tunnel is cut",
  );
  t.true(machine.ran.some((line) => line.startsWith("squid -k parse")));
  t.true(
    machine.ran.every((line) => !/ufw (?!status)|netplan apply|sshd/.test(line)),
    machine.ran.join("\n"),
  );
});

withSigner("rollback brings the catalogue back with the settings it was in force with", async (t) => {
  const { machine, call } = await scene(t);
  const before = list(machine);
  await call();
  const after = list(machine);
  const { context, printed } = commandContext(machine);

  t.deepEqual(
    (await history(machine)).map(({ catalogue }) => catalogue === undefined),
    [false, true],
  );
  await rollBack(context, YES, { patience: 0 });
  t.is(list(machine), before);
  t.is(await version(machine), builtInCatalogue().version);
  t.regex(printed.join("\n"), /Catalogue: of 2099-01-01 becomes of /);
  await rollBack(context, YES, { patience: 0 });
  t.is(list(machine), after);
  t.is(await version(machine), "2099-01-01");
  t.is(readdirSync(machine.paths.catalogues).length, 1, "kept once");
});

withSigner("a change of settings later keeps the catalogue", async (t) => {
  const { machine, call } = await scene(t);
  await call();
  await apply(machine, requestOf("schema: 1\nclients:\n  - cidr: 10.30.0.0/16\n"), () => {});

  t.is(await version(machine), "2099-01-01");
  t.regex(list(machine), /^# Catalogue of 2099-01-01$/m);
});

withSigner("a rehearsal checks and changes nothing", async (t) => {
  const { machine, call } = await scene(t);
  const before = list(machine);
  const { text } = await call({ flags: ["dry-run"] });

  t.regex(text, /Would change: .*allowed-tls\.txt.*catalogue\.json/);
  t.is(list(machine), before);
  t.false(existsSync(machine.paths.catalogue));
  t.true(machine.ran.some((line) => line.startsWith("squid -k parse")));
});

for (const [answer, isTaken] of [
  ["yes", true],
  ["maybe\nno", false],
] as const) {
  withSigner(`asked on a terminal, ${answer.split("\n").at(-1)} is heard`, async (t) => {
    const { machine, call } = await scene(t);
    const input = Object.assign(new PassThrough(), { isTTY: true });
    input.end(`${answer}\n`);
    const { text } = await call({ flags: [], input });

    t.regex(text, /Put this in force\?/);
    t.is(existsSync(machine.paths.catalogue), isTaken);
  });
}

withSigner("the same one again is said to be in use", async (t) => {
  const { machine, call } = await scene(t);
  await call();
  machine.ran.length = 0;
  const { code, text } = await call();

  t.is(code, 0);
  t.regex(text, /in use already/);
  t.deepEqual(
    machine.ran.filter((line) => !line.startsWith("ssh-keygen -Y verify")),
    [],
  );
});

type Spoil = (scene: Scene, t: ExecutionContext) => void;
const REFUSED: [string, Spoil, PosternError["code"], RegExp][] = [
  [
    "signed by another key",
    ({ file, folder }) => laySigned(file, catalogueText(NEWER), makeSigner(folder, "other")),
    "input.signature",
    /not signed by a key that this machine knows/,
  ],
  [
    "signed for another purpose",
    ({ file, signer }) => laySigned(file, catalogueText(NEWER), signer, "file"),
    "input.signature",
    /not signed/,
  ],
  [
    "changed by one byte after it was signed",
    ({ file }) => writeFileSync(file, catalogueText(NEWER).replace("config", "confih")),
    "input.signature",
    /not signed/,
  ],
  [
    "with nonsense for a signature",
    ({ file }) => writeFileSync(`${file}.sig`, "nonsense\n"),
    "input.signature",
    /not signed/,
  ],
  [
    "without a signature",
    ({ file, folder }) => lay(folder, "moved.json", file),
    "input.catalogue",
    /new\.json\.sig cannot be read/,
  ],
  [
    "too large",
    ({ file }) => writeFileSync(file, " ".repeat(1024 * 1024 + 1)),
    "input.catalogue",
    /at most 1048576/,
  ],
  [
    "no text",
    ({ file }) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0])),
    "input.catalogue",
    /cannot be read/,
  ],
  [
    "no JSON, though signed",
    ({ file, signer }) => laySigned(file, "{", signer),
    "input.catalogue",
    /is no JSON/,
  ],
  [
    "of another form, though signed",
    ({ file, signer }) => laySigned(file, JSON.stringify({ ...NEWER, colour: 1 }), signer),
    "input.catalogue",
    /colour/,
  ],
  [
    "older than the one in use",
    ({ file, signer }) => laySigned(file, catalogueText(OLDER), signer),
    "input.catalogue-old",
    /2020-01-01 is older than the one in use/,
  ],
  [
    "of the same day with other content",
    ({ file, signer }) =>
      laySigned(file, catalogueText(variant(builtInCatalogue().version, { add: [{ host: NEW }] })), signer),
    "input.catalogue-old",
    /has the same date/,
  ],
  [
    "while the settings are being edited",
    ({ machine }) => lay(machine.paths.root, "/etc/postern/settings.yaml", "schema: 1\n"),
    "input.settings",
    /not in force yet/,
  ],
];
for (const [title, spoil, code, message] of REFUSED) {
  withSigner(`refused: ${title}`, async (t) => {
    const whole = await scene(t);
    spoil(whole, t);
    if (title === "without a signature") {
      whole.file = join(whole.folder, "new.json");
      writeFileSync(whole.file, catalogueText(NEWER));
    }
    const before = list(whole.machine);
    const { context } = commandContext(whole.machine);
    const settings = parseSettings(readFileSync(whole.machine.paths.confirmed, "utf8"), "x");
    const error = await t.throwsAsync(update(context, settings, whole.file, YES, { patience: 0 }), {
      instanceOf: PosternError,
    });

    t.is(error?.code, code);
    t.regex(error?.message ?? "", message);
    t.is(list(whole.machine), before);
    t.false(existsSync(whole.machine.paths.catalogue));
    t.deepEqual(
      readdirSync(whole.machine.paths.run).filter((name) => name.startsWith("signature")),
      [],
    );
  });
}

withSigner("without any key it says where to name one", async (t) => {
  const { call } = await scene(t, NEWER, false);
  const error = await t.throwsAsync(call(), { instanceOf: PosternError });

  t.is(error?.code, "input.catalogue-key");
  t.regex(error?.hint ?? "", /defender\.catalogueKeys/);
});

withSigner("a key that came with the image is enough", async (t) => {
  const { machine, signer, call } = await scene(t, NEWER, false);
  lay(machine.paths.root, "/usr/lib/postern/baked/catalogue-keys", `${signer.line}\nnonsense\n`);
  await call();

  t.is(await version(machine), "2099-01-01");
});

withSigner(
  "an older one that is meant is taken, and an image that is newer than both takes over",
  async (t) => {
    const { machine, call } = await scene(t, OLDER);
    await call({ flags: ["yes", "force"] });

    t.is(await version(machine), "2020-01-01");
    const text = readFileSync(machine.paths.catalogue, "utf8");
    lay(
      machine.paths.root,
      "/etc/postern/catalogue.json",
      text.replace(/"over": "[^"]+"/, '"over": "2021-01-01"'),
    );
    const { catalogue, problem } = await catalogueInUse(machine.paths);
    t.is(catalogue, builtInCatalogue());
    t.regex(problem ?? "", /newer than the installed one of 2020-01-01/);
  },
);

for (const [title, text] of [
  ["cut off", '{"over": "2026'],
  ["another form", '{"over": 1, "key": 2, "catalogue": 3}'],
  ["a catalogue that is none", `{"over": "2026-11-23", "key": "SHA256:${"A".repeat(43)}", "catalogue": {}}`],
] as const) {
  withSigner(`an installed catalogue that is damaged (${title}) gives way, is said, and goes`, async (t) => {
    const { machine } = await scene(t);
    lay(machine.paths.root, "/etc/postern/catalogue.json", text);
    const { catalogue, problem } = await catalogueInUse(machine.paths);
    const told: string[] = [];
    await apply(machine, requestOf(readFileSync(machine.paths.confirmed, "utf8")), (step) =>
      told.push(`${step.title}: ${step.detail}`),
    );

    t.is(catalogue, builtInCatalogue());
    t.regex(problem ?? "", /cannot be used, the image's own is/);
    t.true(told.some((line) => line.startsWith("Catalogue: The installed catalogue")));
    t.false(existsSync(machine.paths.catalogue));
  });
}

withSigner("when Squid cannot take it in, the previous one is back", async (t) => {
  const { machine, call } = await scene(t);
  const before = list(machine);
  let isFirst = true;
  const run = machine.run;
  machine.run = async (command, args, options) => {
    const ran = await run(command, args, options);
    if (`${command} ${args[0]}` !== "systemctl reload" || !isFirst) return ran;
    isFirst = false;
    return { ...ran, code: 1 };
  };
  const error = await t.throwsAsync(call(), { instanceOf: PosternError });

  t.is(error?.code, "host.activate");
  t.is(list(machine), before);
  t.false(existsSync(machine.paths.catalogue));
  t.is((await history(machine)).length, 1);
});

withSigner("a broad name that the new catalogue no longer has is told, and closed", async (t) => {
  const { machine, signer, file } = await scene(
    t,
    variant("2099-01-01", { without: [".blob.core.windows.net"] }),
  );
  const text = `schema: 1\nclients:\n  - cidr: 10.20.0.0/16\ndefender: { services: [mde, azure-arc], broad: [.blob.core.windows.net], catalogueKeys: ["${signer.line}"] }\n`;
  const told: string[] = [];
  const tell = (step: { title: string; detail?: string }) => told.push(`${step.title}: ${step.detail}`);
  await apply(machine, requestOf(text), tell);
  t.true(list(machine).includes("\n.blob.core.windows.net\n"));
  t.true(
    told.some((line) => /blob.*It opens the storage of every Azure customer/.test(line)),
    told.join("\n"),
  );
  const { context, printed } = commandContext(machine);
  await update(context, parseSettings(text, "x"), file, YES, { patience: 0 });

  t.false(list(machine).includes("\n.blob.core.windows.net\n"));
  t.regex(printed.join("\n"), /Closed for this machine: \.blob\.core\.windows\.net on port 443/);
  t.regex(printed.join("\n"), /has it no longer: it is closed/);
  // From now on the settings have to do without it.
  const error = await t.throwsAsync(apply(machine, requestOf(text.replace("10.20", "10.30")), () => {}));
  t.regex(error?.message ?? "", /has no broad name \.blob\.core\.windows\.net/);
});
