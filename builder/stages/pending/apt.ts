import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fs } from "zx";
import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";
import { installedNames, type PackagePolicy, parsePolicy } from "./policy.ts";

/** What an apt of its own is told: nothing of the host's is read. */
export interface AptQuestion {
  /** `sources.list`. */
  sources: string;
  /** `preferences`; absent when nothing is pinned. */
  preferences: string | undefined;
  /** dpkg's status file of the tree. */
  status: string;
}

const FOLDERS = [
  ...["etc/apt/apt.conf.d", "etc/apt/preferences.d", "etc/apt/sources.list.d", "etc/apt/trusted.gpg.d"],
  ...["var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg"],
];

/**
 * Fetches the indexes and asks apt about every installed package.
 *
 * @throws PosternError `network.pending` when an index cannot be had or checked: then nothing is known.
 */
export async function askApt(question: AptQuestion, signal: AbortSignal): Promise<PackagePolicy[]> {
  const root = await mkdtemp(join(tmpdir(), "postern-apt-"));
  try {
    for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, "etc/apt/sources.list"), question.sources);
    if (question.preferences !== undefined)
      await writeFile(join(root, "etc/apt/preferences"), question.preferences);
    await writeFile(join(root, "var/lib/dpkg/status"), question.status);
    const config = join(root, "apt.conf");
    await writeFile(config, configText(root));
    const options = { signal, env: { APT_CONFIG: config }, code: "network.pending", hint: HINT } as const;
    await run("apt-get", ["update", "--quiet"], options);
    const names = installedNames(question.status);
    const { stdout } = await run("apt-cache", ["policy", "--", ...names], options);
    const policies = parsePolicy(stdout);
    requireKnown(policies, names);
    return policies;
  } finally {
    await fs.remove(root);
  }
}

export const HINT =
  "Read apt's last lines above, and build again when the archive answers; --allow-pending builds without its answer, and the record says so.";

/** apt.conf(5). Without the error mode, `update` ends well though an index could not be had. */
function configText(root: string): string {
  return [
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    `Dir "${root}";`,
    `Dir::State::status "${root}/var/lib/dpkg/status";`,
    // Every source names its keyring.
    'Dir::Etc::Trusted "/dev/null";',
    'Dir::Etc::TrustedParts "/dev/null";',
    'APT::Update::Error-Mode "any";',
    // What runs as root would else hand the download to an account that may not read this folder.
    'APT::Sandbox::User "root";',
    // Ubuntu gives some updates to a part of the machines first; an image is none of them.
    'APT::Get::Always-Include-Phased-Updates "true";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    "",
  ].join("\n");
}

/** Indexes of another archive would call every tree up to date. */
function requireKnown(policies: readonly PackagePolicy[], names: readonly string[]): void {
  const known = policies.filter(({ versions }) => versions.some(({ suites }) => suites.length > 0));
  if (policies.length === names.length && known.length > 0) return;
  throw new PosternError({
    code: "network.pending",
    message: `apt told of ${policies.length} of the tree's ${names.length} packages, and the archive knows ${known.length}`,
    hint: HINT,
  });
}
