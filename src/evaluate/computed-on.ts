/** On processors of what instruction sets features were computed, and what is said where sides or parts differ in that. */
import { instructionSet } from "../engine/instruction-set.ts";
import { isasToWarning } from "../engine/mixed-machines.ts";
import type { Warning } from "../errors.ts";
import type { FeatureExtractor } from "../extractors/extractor.ts";
import type { FeatureOrigin } from "./statistics/statistics-file.ts";

/** Of features that are made now; nothing where no engine makes them, for then no digit depends on it. */
export const extractorToIsa = ({ computedBy }: FeatureExtractor): Pick<FeatureOrigin, "isa"> =>
  computedBy.engine === "none" ? {} : { isa: instructionSet() };

const originToIsas = ({ isa }: Pick<FeatureOrigin, "isa">): string[] => isa?.split(", ") ?? [];

/** Of what is made of several: all of them; nothing where one does not say. */
export function joinIsas(origins: readonly FeatureOrigin[]): Pick<FeatureOrigin, "isa"> {
  if (origins.some(({ isa }) => isa === undefined)) return {};
  const isas = new Set(origins.flatMap(originToIsas));
  return isas.size === 0 ? {} : { isa: [...isas].sort().join(", ") };
}

/**
 * `mixed-machines`, where origins say several.
 * @param what they are of: `the sides`
 * @param origins null for images, whose features `extractor` makes now
 */
export function originsToMixedMachines(
  what: string,
  origins: readonly (FeatureOrigin | null)[],
  extractor?: FeatureExtractor,
): Warning[] {
  const counts = new Map<string, number>();
  for (const origin of origins)
    for (const isa of originToIsas(origin ?? (extractor ? extractorToIsa(extractor) : {})))
      counts.set(isa, (counts.get(isa) ?? 0) + 1);
  return counts.size < 2 ? [] : [isasToWarning(what, counts)];
}
