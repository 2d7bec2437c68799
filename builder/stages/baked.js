import { readFile } from "node:fs/promises";
import { parseSettings } from "../../appliance/settings/parse.ts";
import { LIBRARY } from "./base/command.ts";
/** What the recipe bakes in beside the overlays: an answers file and the administrator's keys. */
export async function bakedFiles(recipe) {
    const files = [];
    if (recipe.settings !== undefined) {
        const text = await readFile(recipe.settings, "utf8");
        // Thrown away: only a whole and right file is baked in, as its author wrote it.
        parseSettings(text, recipe.settings);
        files.push(baked("settings.yaml", text));
    }
    if (recipe.admin.sshKeys.length > 0) {
        files.push(baked("admin-keys", `${recipe.admin.sshKeys.join("\n")}\n`));
    }
    return files;
}
function baked(name, text) {
    return {
        path: `${LIBRARY}/baked/${name}`,
        mode: 0o600,
        owner: "root",
        group: "root",
        bytes: Buffer.from(text),
    };
}
