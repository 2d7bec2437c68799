import { catalogueSchema } from "../../appliance/endpoints/form.ts";
import type { Described } from "./described.ts";
import { type Keywords, keywordsOf } from "./jsonschema.ts";

/** A catalogue file as JSON Schema. posternctl looks closer: it also knows what entries say together. */
export function catalogueJsonSchema(): Keywords {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Postern catalogue",
    description: "Names of the Microsoft Defender cloud, for posternctl endpoints update.",
    ...keywordsOf(catalogueSchema.describe() as unknown as Described),
  };
}
