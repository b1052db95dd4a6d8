/** Names of extractors: in results, and of those that users bring along. */
import path from "node:path";

/** Extractors whose scores are comparable among themselves, as results name them. */
export interface ExtractorFamily {
  /** In the names of values: `inception` in `frechet_inception_distance`. */
  readonly key: string;
  /** For reading: `Inception`. */
  readonly name: string;
}

/** Beginnings of our own extractors' ids, what may follow, and their families. */
const OWN: readonly (readonly [id: RegExp, family: ExtractorFamily])[] = [
  [/^inception(-v3-.*)?$/, { key: "inception", name: "Inception" }],
  [/^stacked-digits$/, { key: "stacked_digits", name: "stacked digits" }],
  [/^digits$/, { key: "digits", name: "digits" }],
  [/^pixels(-\d+x\d+)?$/, { key: "pixels", name: "pixels" }],
  [/^random-conv(-\d+)?$/, { key: "random_conv", name: "random conv" }],
];

const ownFamily = (id: string): ExtractorFamily | undefined => OWN.find(([pattern]) => pattern.test(id))?.[1];

/**
 * The family of an extractor's id, versions left out: `inception-v3-2015-12-05` is `inception`. Another's is its id (of a
 * path, what its id would be), as far as it fits into a name.
 */
export function extractorToFamily(id: string): ExtractorFamily {
  const known = id.replace(/ \(assumed\)$/, "");
  const own = ownFamily(known);
  if (own !== undefined) return own;
  const name = /[\\/]|\.onnx$/i.test(known) ? locationToExtractorId(known) : known;
  const key = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return { key: key || "features", name };
}

/**
 * The id of a user's network: its file's or folder's name without the ending, in plain characters. One that would pass
 * for an extractor of ours gets `custom-` before it.
 */
export function locationToExtractorId(location: string): string {
  const absolute = path.resolve(location);
  const named = path.basename(absolute) === "model.json" ? path.dirname(absolute) : absolute;
  const id = path
    .basename(named)
    .replace(/\.onnx$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  const families = new Set(OWN.map(([, { key }]) => key));
  return id === "" || families.has(extractorToFamily(id).key) ? `custom-${id || "network"}` : id;
}
