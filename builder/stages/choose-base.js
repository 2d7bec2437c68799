import { probeArchive } from "../host/archive.ts";
import { loadBase } from "../recipe/base.ts";
const PREFERRED = "ubuntu-24.04";
const FALLBACK = "debian-13";
/** A choice made for a person must not make him wait. */
const PROBE_MS = 5_000;
/** `auto` is Ubuntu 24.04 LTS where its archive answers, else Debian 13; a named base stays what it is. */
export async function chooseBase(recipe, signal) {
    if (recipe.base !== "auto")
        return { base: await loadBase(recipe.base) };
    const preferred = await loadBase(PREFERRED);
    const mirror = recipe.mirror ?? preferred.archive.mirror ?? "";
    const problem = await probeArchive(mirror, preferred.codename, signal, PROBE_MS);
    if (problem === undefined) {
        return { base: preferred, note: `base: ${preferred.title}; its archive answers. --base names another.` };
    }
    const fallback = await loadBase(FALLBACK);
    return {
        base: fallback,
        note: `base: ${fallback.title}, because the archive of ${preferred.title} does not answer (${problem}). --base names another.`,
    };
}
