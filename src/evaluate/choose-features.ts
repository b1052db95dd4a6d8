/** Which array of a file is features, by its name and shape; never one of several in silence. */
import { GanEvalError } from "../errors.ts";

/** An array by what stands before its numbers. */
export interface ArrayListing {
  readonly name: string;
  readonly shape: readonly number[];
  /** NumPy's `f4` or a tensor's `float32`. */
  readonly type: string;
}

/** The names under which programs keep features: ours and TF's, clean-fid's, dgm-eval's, StudioGAN's, TF-GAN's and
 * score_sde's, and what people call them. */
export const FEATURE_KEYS: readonly string[] = [
  ...["features", "feats", "reps", "real_feats", "fake_feats", "pool_3", "pool3"],
  ...["activations", "acts", "embeddings", "feature"],
];

/** The names of a classifier's outputs beside features: logits, and probabilities (`real_probs` is StudioGAN's). */
export const LOGIT_KEYS: readonly string[] = ["logits", "real_logits", "fake_logits"];
export const PROBABILITY_KEYS: readonly string[] = ["probs", "real_probs", "fake_probs", "softmax"];

/** Rows of numbers that lie beside features and are none. */
const BESIDE_FEATURES: ReadonlySet<string> = new Set([
  ...LOGIT_KEYS,
  ...PROBABILITY_KEYS,
  ...["preds", "labels", "y"],
]);

export const isFloat = (type: string): boolean => /^(f\d|float|bfloat)/.test(type);

/**
 * `[rows, width]` of features: [n, d], and [n, d, 1, 1] or [n, 1, 1, d] as networks give them before a squeeze; undefined
 * for every other shape.
 */
export function shapeToRows(shape: readonly number[]): readonly [rows: number, width: number] | undefined {
  if (shape.length < 2) return undefined;
  const [rows, ...axes] = shape;
  const wide = axes.filter((side) => side !== 1);
  return wide.length > 1 ? undefined : [rows, wide[0] ?? 1];
}

const describe = ({ name, type, shape }: ArrayListing): string => `${name}: ${type} [${shape.join(", ")}]`;

/** What a file holds, for a message. */
const listingsToText = (listings: readonly ArrayListing[]): string =>
  listings.map(describe).join("; ") || "no arrays of numbers";

const severalFeatures = (listings: readonly ArrayListing[], location: string): GanEvalError =>
  new GanEvalError(
    "input.features-shape",
    `expected one array of features in ${location}, got several: ${listingsToText(listings)}`,
    { hint: `Save the intended array under the name ${FEATURE_KEYS[0]}.` },
  );

/**
 * The array of features: the one under a name that programs use; without such a name the only array of real numbers that
 * are rows. Undefined where there is none.
 * @throws GanEvalError `input.features-shape` where there are several
 */
export function chooseFeatures<L extends ArrayListing>(
  listings: readonly L[],
  location: string,
): L | undefined {
  const named = listings.filter(({ name }) => FEATURE_KEYS.includes(name));
  if (named.length > 1) throw severalFeatures(named, location);
  if (named.length === 1) return named[0];
  const possible = listings.filter(
    ({ name, type, shape }) => isFloat(type) && shapeToRows(shape) && !BESIDE_FEATURES.has(name),
  );
  if (possible.length > 1) throw severalFeatures(possible, location);
  return possible[0];
}
