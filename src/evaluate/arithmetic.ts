/** In what numbers and on what device features were computed, and what is said where values that stand side by side differ in it. */
import { deviceToPrecision } from "../engine/arithmetic.ts";
import type { Warning } from "../errors.ts";
import type { FeatureExtractor } from "../extractors/extractor.ts";
import type { FeatureOrigin } from "./statistics/statistics-file.ts";

/** What files leave out, and what earlier versions did not write. */
const USUAL = "float32 on cpu";

/** `float32 on cpu`, `tf32 on cuda` */
export const extractorToArithmetic = ({ computedBy: { device } }: FeatureExtractor): string =>
  `${deviceToPrecision(device)} on ${device}`;

/** For a file of features or statistics: nothing where it is as usual, so that such files keep their bytes. */
export const extractorToStated = ({ computedBy: { device } }: FeatureExtractor) =>
  deviceToStated(device, deviceToPrecision(device));

/** The same of features that were made elsewhere. */
export function deviceToStated(device: string, precision = "float32"): Pick<FeatureOrigin, "arithmetic"> {
  const arithmetic = `${precision} on ${device}`;
  return arithmetic === USUAL ? {} : { arithmetic };
}

/** Of features in a file; undefined where it does not say what made them. */
export const originToArithmetic = ({
  extractor,
  arithmetic,
}: Pick<FeatureOrigin, "extractor" | "arithmetic">): string | undefined =>
  extractor === null ? undefined : (arithmetic ?? USUAL);

/** Of what is made of several. */
export function joinArithmetics(origins: readonly FeatureOrigin[]): Pick<FeatureOrigin, "arithmetic"> {
  const known = new Set(origins.flatMap((origin) => originToArithmetic(origin)?.split(", ") ?? []));
  const joined = [...known].sort().join(", ");
  return joined === "" || joined === USUAL ? {} : { arithmetic: joined };
}

/**
 * `mixed-arithmetic`, where several are known.
 * @param what is compared: `the sides`
 */
export function arithmeticsToWarnings(what: string, arithmetics: readonly (string | undefined)[]): Warning[] {
  const known = new Set(arithmetics.flatMap((arithmetic) => arithmetic?.split(", ") ?? []));
  if (known.size < 2) return [];
  return [
    {
      code: "mixed-arithmetic",
      message: `${what} were computed in unlike ways: ${[...known].sort().join(" and ")}`,
      hint: "Devices differ in the last digits of features, TF32 in far more: compare what one device computed, without --tf32.",
    },
  ];
}

/** For a result: all that its sides were computed in, where that is known. */
export function arithmeticsToStated(arithmetics: readonly (string | undefined)[]): { arithmetic?: string } {
  const known = new Set(arithmetics.flatMap((arithmetic) => arithmetic?.split(", ") ?? []));
  return known.size === 0 ? {} : { arithmetic: [...known].sort().join(", ") };
}

/** Of results; those of earlier versions do not say. */
export const protocolsToWarnings = (
  what: string,
  protocols: readonly { readonly arithmetic?: string }[],
): Warning[] =>
  arithmeticsToWarnings(
    what,
    protocols.map(({ arithmetic }) => arithmetic),
  );
