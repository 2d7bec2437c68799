/** Writes a VMDK, as the build does, in a process of its own: `node bench/vmdk/pack.ts RAW OUT`. */
import { availableParallelism } from "node:os";
import { writeVmdk } from "../../builder/formats/vmdk/write.ts";
import type { Progress } from "../../builder/pipeline/progress.ts";

const [raw = "", out = ""] = process.argv.slice(2);
const progress: Progress = { step: (_title, work) => work(progress), bar: () => {}, note: () => {} };
await writeVmdk({ raw, out, progress, signal: new AbortController().signal, jobs: availableParallelism() });
