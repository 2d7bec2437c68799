import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Pair,
  Scalar,
  YAMLMap,
  type YAMLSeq,
} from "yaml";
import { ITEM } from "../schema.ts";
import { withoutImplied } from "./implied.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where in the document a node stands. */
interface Place {
  document: Document;
  /** What the document was read from. */
  text: string;
  /** As joi's `extract` takes it. */
  path: readonly string[];
}

/** Changes a map of the document where `after` differs from `before`, which is what the map means now. */
export function reviseMap(place: Place, map: YAMLMap, before: Fields, after: Fields): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[key], after[key])) continue;
    if (after[key] === undefined) map.delete(key);
    else reviseField({ ...place, path: [...place.path, key] }, map, before[key], after[key]);
  }
}

function reviseField(place: Place, map: YAMLMap, before: unknown, after: unknown): void {
  const key = place.path.at(-1) ?? "";
  const node: unknown = map.get(key, true);
  if (isFields(before) && isFields(after) && isMap(node)) {
    reviseMap(place, asBlock(node), before, after);
  } else if (isFields(before) && isFields(after)) {
    const fresh = new YAMLMap();
    reviseMap(place, fresh, before, after);
    add(map, key, fresh);
  } else if (Array.isArray(before) && Array.isArray(after) && isSeq(node)) {
    if (identity(before[0]) !== identity(after[0])) giveCommentToFirst(node, remarksOfKey(place, map));
    reviseList(place, asBlock(node), before, after);
  } else if (isScalar(node) && !isFields(after) && !Array.isArray(after)) {
    reviseScalar(node, after);
  } else if (node === undefined) {
    add(map, key, nodeOf(place, after));
  } else {
    map.set(key, nodeOf(place, after));
  }
}

/** Entries that stay keep their nodes, and with them their comments and the way they are written. */
function reviseList(
  place: Place,
  list: YAMLSeq,
  before: readonly unknown[],
  after: readonly unknown[],
): void {
  const entry = { ...place, path: [...place.path, ITEM] };
  const isFlow = list.items.length > 0 && list.items.every((item) => isMap(item) && item.flow === true);
  const places = new Map(before.map((value, index) => [identity(value), index]));
  list.items = after.map((value) => {
    const index = places.get(identity(value));
    const node: unknown = index === undefined ? undefined : list.items[index];
    const old = index === undefined ? undefined : before[index];
    if (isMap(node) && isFields(old) && isFields(value)) reviseMap(entry, node, old, value);
    if (isNode(node)) return node;
    const fresh = nodeOf(entry, value);
    if (isFlow && isMap(fresh)) fresh.flow = true;
    return fresh;
  });
}

/**
 * The library gives a comment above the first entry to the list. Where other entries have comments of their
 * own it is the entry's, and goes where the entry goes.
 *
 * @param kept How many of its lines are the list's own.
 */
function giveCommentToFirst(list: YAMLSeq, kept: number): void {
  const [first, ...others] = list.items;
  const isCustom = others.some((item) => isNode(item) && typeof item.commentBefore === "string");
  if (!isCustom || !isNode(first) || typeof list.commentBefore !== "string") return;
  const lines = list.commentBefore.split("\n");
  const given = [...lines.slice(kept), ...(first.commentBefore?.split("\n") ?? [])];
  if (given.length > 0) first.commentBefore = given.join("\n");
  list.commentBefore = kept === 0 ? null : lines.slice(0, kept).join("\n");
}

/** 1 where a comment stands on the key's own line, which the library takes for the value's too. */
function remarksOfKey({ path, text }: Place, map: YAMLMap): number {
  const key = map.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === path.at(-1));
  const end = isScalar(key) ? key.range?.[1] : undefined;
  return end !== undefined && /^[ \t]*:[ \t]+#/.test(text.slice(end, end + 80)) ? 1 : 0;
}

/** What makes an entry the same one when the rest of it changes. */
function identity(value: unknown): unknown {
  if (!isFields(value)) return value;
  return value.cidr ?? value.mac ?? value.to ?? value.host;
}

function reviseScalar(scalar: Scalar, value: unknown): void {
  scalar.value = value;
  // The notation of another number, such as hexadecimal.
  delete scalar.format;
  delete scalar.minFractionDigits;
  const isBlock = scalar.type === Scalar.BLOCK_FOLDED || scalar.type === Scalar.BLOCK_LITERAL;
  if (isBlock && !String(value).includes("\n")) delete scalar.type;
}

/** A new value, without what goes without saying. */
function nodeOf({ document, path }: Place, value: unknown): Node {
  return document.createNode(withoutImplied(path, value), { aliasDuplicateObjects: false });
}

/** Adds a field as the last one, after a blank line where the others have one. */
function add(map: YAMLMap, key: string, value: Node): void {
  if (isMap(value) && value.items.length === 0) return;
  const name = new Scalar(key);
  name.spaceBefore = map.items.slice(1).some(({ key: other }) => isNode(other) && other.spaceBefore === true);
  map.add(new Pair(name, value));
}

/** `{}` and `[]` are written that way because they are empty; with something in them they need not be. */
function asBlock<T extends YAMLMap | YAMLSeq>(node: T): T {
  if (node.items.length === 0) node.flow = false;
  return node;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
