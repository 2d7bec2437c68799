import { createHash } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fs } from "zx";
import { PosternError } from "../../error.ts";
import { run } from "../../host/run.ts";
import { preferencesText, simulateArgs } from "./command.ts";
import { parseSimulation } from "./packages.ts";
/** Package versions are asked again after so long, or with --refresh. */
const FRESH_SECONDS = 12 * 3600;
/**
 * The versions that the archive gives now: part of the base's key, so that a security update of any package
 * makes a new image, and nothing else does. mmdebstrap's own simulation solves it, in about 4 seconds.
 *
 * @throws PosternError `network.archive` when the archive cannot be asked and nothing is remembered.
 */
export async function resolvePackages(command, options) {
    const preferences = preferencesText(command.base.pins);
    const question = [...simulateArgs(command), preferences ?? ""];
    const name = createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 16);
    const file = join(options.facts, `packages-${name}.json`);
    const known = await readKnown(file);
    const now = Math.floor(Date.now() / 1000);
    if (known !== undefined && !options.refresh && now - known.asked < FRESH_SECONDS) {
        return { ...known, remembered: true };
    }
    const packages = await simulate(command, preferences, options.signal);
    const answer = { packages, asked: now };
    if (!options.touchNothing) {
        await fs.mkdirp(options.facts);
        const next = `${file}.${process.pid}`;
        await writeFile(next, JSON.stringify(answer));
        await fs.rename(next, file);
    }
    return { ...answer, remembered: false };
}
async function readKnown(file) {
    try {
        const known = JSON.parse(await readFile(file, "utf8"));
        if (!isKnown(known) || known.packages.length === 0)
            return undefined;
        return known;
    }
    catch {
        return undefined;
    }
}
function isKnown(value) {
    return (typeof value === "object" &&
        value !== null &&
        "asked" in value &&
        typeof value.asked === "number" &&
        "packages" in value &&
        Array.isArray(value.packages));
}
async function simulate(command, preferences, signal) {
    const work = await mkdtemp(join(tmpdir(), "postern-ask-"));
    try {
        const file = join(work, "postern.pref");
        if (preferences !== undefined)
            await writeFile(file, preferences);
        const asked = preferences === undefined ? command : { ...command, preferences: file };
        return await askMmdebstrap(asked, signal);
    }
    finally {
        await fs.remove(work);
    }
}
async function askMmdebstrap(command, signal) {
    const { stderr, stdout } = await run("mmdebstrap", simulateArgs(command), {
        signal,
        code: "network.archive",
        hint: "Read apt's last lines above; name another mirror with --mirror URL.",
    });
    const packages = parseSimulation(`${stdout}\n${stderr}`);
    if (packages.length > 0)
        return packages;
    throw new PosternError({
        code: "network.archive",
        message: `mmdebstrap's simulation of ${command.base.title} named no package`,
        hint: "Run ./postern doctor; mmdebstrap 1.3 or newer is needed.",
    });
}
