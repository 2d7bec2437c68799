import { readFile } from "node:fs/promises";
import { LARGEST } from "../../../appliance/settings/parse.ts";
import { PosternError } from "../../error.ts";

/** The text of a settings file. @throws PosternError `input.settings` when it cannot be read, or is none by its size. */
export async function settingsFileText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw refused(`${file} cannot be read`, cause);
  });
  if (bytes.length > LARGEST) throw refused(`${file} is larger than any settings file`);
  return bytes.toString("utf8");
}

function refused(message: string, cause?: unknown): PosternError {
  const hint = "Name the settings with --settings FILE; docs/settings.example.yaml shows all of them.";
  return new PosternError({ code: "input.settings", message, hint, cause });
}
