import { createReadStream, createWriteStream } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PosternError } from "../../error.ts";
import { BUILD_USER } from "../../overlays/seed.ts";
import { filterTar } from "../../tar/filter.ts";
import { sealer } from "./seal.ts";
const CHUNK = 1024 * 1024;
/** Takes everything out of the provisioned tree that makes a machine an individual, and proves it. */
export function sealStage(epoch, inputs) {
    return {
        id: "seal",
        title: "tree sealed: nothing of one machine left",
        needs: ["provision"],
        inputs: { ...inputs, epoch: String(epoch) },
        outputs: ["root.tar", "seal.json"],
        run: (context) => seal(epoch, context),
    };
}
async function seal(epoch, context) {
    const source = context.input("provision", "root.tar");
    const publicKey = await readFile(context.input("provision", "build-key.pub"), "utf8");
    const { filter, report } = sealer([
        { id: "build-user", text: BUILD_USER },
        // The key without its type and comment.
        { id: "build-user", text: publicKey.split(" ")[1] ?? publicKey },
    ], epoch);
    const { size } = await stat(source);
    const input = createReadStream(source, { highWaterMark: CHUNK, signal: context.signal });
    const counted = counting(input, (done) => context.progress.bar(done, size, "bytes"));
    await pipeline(Readable.from(filterTar(counted, filter), { objectMode: true, highWaterMark: 64 }), createWriteStream(join(context.out, "root.tar"), { highWaterMark: CHUNK }), { signal: context.signal });
    const result = report();
    await writeFile(join(context.out, "seal.json"), `${JSON.stringify(result, null, 1)}\n`);
    requireSealed(result);
}
async function* counting(source, tell) {
    let done = 0;
    for await (const chunk of source) {
        yield chunk;
        done += chunk.length;
        tell(done);
    }
}
function requireSealed(report) {
    const failed = report.checks.filter(({ passed }) => !passed);
    if (failed.length === 0)
        return;
    const lines = failed.map(({ title, found }) => `  ${title}: ${found.join(", ")}`);
    throw new PosternError({
        code: "artifact.unsealed",
        message: `the sealed tree still holds what belongs to the build VM:\n${lines.join("\n")}`,
        hint: "Name the files in builder/stages/seal/rules.ts.",
    });
}
