/** What decides the features of an image set: the address of a cache entry. */
import { createHash } from "node:crypto";
import { endianness } from "node:os";

/**
 * Raised when the files change, or when the same images, extractor and preprocessing begin to give other features
 * (beyond the last digits): entries of other numbers are never found.
 */
export const CACHE_SCHEMA = 3;

/**
 * Engine, device and the processor's instruction set belong to it: their features differ in the last digits, and a result
 * states with what its features were computed. Threads and batch size do not: no bit depends on them.
 */
export interface FeatureIdentity {
  /** The source's content hash. */
  readonly content: string;
  readonly extractor: string;
  /** sha256 of the weights. */
  readonly extractorHash: string;
  readonly end: string;
  /** The extractor's `resize`. */
  readonly preprocessing: string;
  readonly onError: "fail" | "skip";
  readonly engine: string;
  readonly device: string;
  /** `instructionSet` of the machine; machines that share a cache may differ. */
  readonly isa: string;
  /** Left out where it is float32, as in entries of earlier versions. */
  readonly precision?: "tf32";
}

/** sha256 (hex) of the fields, the schema and the machine's byte order, in which features are written. */
export function identityToKey(identity: FeatureIdentity): string {
  const { content, extractor, extractorHash, end, preprocessing, onError, engine, device, isa } = identity;
  const fields = [content, extractor, extractorHash, end, preprocessing, onError, engine, device, isa];
  if (identity.precision !== undefined) fields.push(identity.precision);
  return createHash("sha256")
    .update(JSON.stringify([CACHE_SCHEMA, endianness(), ...fields]))
    .digest("hex");
}
