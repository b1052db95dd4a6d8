/** What lies beside an installed network and says what it is. */
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import type { InceptionWeights } from "./architecture.ts";
import { hasOfficialSums } from "./fingerprint.ts";

export const MANIFEST = "manifest.json";
export const FORMAT_VERSION = 1;

/** The network's names in results. Weights that are not the published ones never bear the published name. */
export const INCEPTION_ID = "inception-v3-2015-12-05";
const GAP_FILLED_ID = "inception-v3-gap-filled";
const OTHER_ID = "inception-v3-other-weights";
export const NETWORK_IDS = [INCEPTION_ID, GAP_FILLED_ID, OTHER_ID] as const;
export type NetworkId = (typeof NETWORK_IDS)[number];

const SOURCE_KINDS = ["tgz", "graphdef", "torch", "safetensors", "tfjs"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const plainName = z.string().regex(/^[A-Za-z0-9_.-]+$/);

const schema = z.strictObject({
  format: z.literal("gan-eval-network"),
  formatVersion: z.literal(FORMAT_VERSION),
  id: z.enum(NETWORK_IDS),
  /** sha256 of the weights in the network's order, float32 little-endian: the same from every kind of source. */
  weightsHash: sha256,
  source: z.strictObject({
    kind: z.enum(SOURCE_KINDS),
    name: z.string(),
    bytes: z.int().nonnegative(),
    sha256,
    /** Whether the file is, by its checksum, one that the network's publishers or pytorch-fid's distribute. */
    official: z.boolean(),
  }),
  files: z.array(z.strictObject({ name: plainName, bytes: z.int().nonnegative(), sha256 })),
  /** Layer and width of each feature end. */
  ends: z.record(z.string(), z.strictObject({ node: z.string(), width: z.int().positive() })),
  /** Tensors that the source lacked and a seed made; absent in real networks. */
  gapFilled: z.strictObject({ seed: z.int(), tensors: z.array(z.string()) }).optional(),
});

export type NetworkManifest = z.infer<typeof schema>;
export type NetworkSource = NetworkManifest["source"];

/** @throws GanEvalError `input.manifest` */
export function jsonToManifest(value: unknown, location: string): NetworkManifest {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new GanEvalError(
    "input.manifest",
    `expected a network manifest of version ${FORMAT_VERSION} in ${location}, got ${message}${path.length > 0 ? ` at ${path.join(".")}` : ""}`,
    { hint: "Import the network again: `gan-eval inception import FILE`." },
  );
}

/** What the network may be called. */
export function networkId(weights: InceptionWeights, official: boolean, gapFilled: boolean): NetworkId {
  if (gapFilled) return GAP_FILLED_ID;
  return official || hasOfficialSums(weights) ? INCEPTION_ID : OTHER_ID;
}
