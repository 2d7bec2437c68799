import { PosternError } from "../../error.ts";
/** @throws PosternError `guest.checks` naming every check that failed, or when the file is none. */
export function judgeAnswers(text) {
    const answers = parseAnswers(text);
    const failed = answers.filter(({ passed }) => !passed);
    if (failed.length === 0)
        return answers;
    const lines = failed.map(({ overlay, id, title, command, exit, stdout, stderr }) => `  ${overlay} ${id}: ${title}\n    ${command.join(" ")} -> exit ${exit}, ${JSON.stringify((stdout || stderr).slice(0, 200))}`);
    throw new PosternError({
        code: "guest.checks",
        message: `${failed.length} of ${answers.length} checks failed in the VM:\n${lines.join("\n")}`,
        hint: "Mend the overlay that is named; --debug keeps the VM's serial log.",
    });
}
function parseAnswers(text) {
    const value = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0 && value.every(isAnswer))
        return value;
    throw new PosternError({
        code: "guest.checks",
        message: "the VM's answers to the checks cannot be read",
        hint: "Run ./postern build --debug and read the serial log.",
    });
}
function isAnswer(value) {
    return (typeof value === "object" &&
        value !== null &&
        "passed" in value &&
        typeof value.passed === "boolean" &&
        "id" in value &&
        typeof value.id === "string");
}
/** @throws PosternError `guest.cloud-init` when cloud-init says it did not finish its work. */
export function judgeCloudStatus(text) {
    const value = JSON.parse(text);
    const status = typeof value === "object" && value !== null && "status" in value ? value.status : undefined;
    const errors = typeof value === "object" && value !== null && "errors" in value ? value.errors : undefined;
    if (status === "done" && Array.isArray(errors) && errors.length === 0)
        return;
    throw new PosternError({
        code: "guest.cloud-init",
        message: `cloud-init ended as ${String(status)}: ${JSON.stringify(errors)}`,
        hint: "A command of an overlay failed; --debug keeps the serial log, which shows it.",
    });
}
