import type { Option } from "../command.ts";

export const JSON_OPTION: Option = { name: "json", summary: "one JSON value instead of lines" };
