/** What an update of the baseline changes. */
import { meanOf } from "../math/mean.ts";
import type { Baseline } from "./baseline.ts";
import { LEVEL } from "./decide.ts";
import { resultsToSeeds } from "./measured.ts";
import { fieldsToDifferences, type ProtocolDifference, resultToFields } from "./protocol-fields.ts";
import { chanceToReach, seedsToBetween, seedsToChance } from "./seeds.ts";

/** One value; null where a baseline lacks it. */
export interface ValueChange {
  readonly key: string;
  readonly before: number | null;
  readonly after: number | null;
  /** Whether it changed by more than chance, in either direction; null where that is not known. */
  readonly beyondChance: boolean | null;
}

export interface BaselineChanges {
  readonly values: readonly ValueChange[];
  readonly protocol: readonly ProtocolDifference[];
}

/** @param before undefined for the first baseline */
export function baselinesToChanges(before: Baseline | undefined, after: Baseline): BaselineChanges {
  const [old, now] = [resultsToSeeds(before?.results ?? []), resultsToSeeds(after.results)];
  const keys = [...new Set([...now.keys(), ...old.keys()])];
  const protocol = before
    ? fieldsToDifferences(resultToFields(before.results[0]), resultToFields(after.results[0]))
    : [];
  return {
    values: keys.map((key) => {
      const [a, b] = [old.get(key), now.get(key)];
      const chance = a && b && seedsToChance([a, b], seedsToBetween([a, b]));
      const isKnown = chance !== undefined && protocol.length === 0;
      return {
        key,
        before: a ? meanOf(a.values) : null,
        after: b ? meanOf(b.values) : null,
        beyondChance: isKnown
          ? Math.abs(meanOf(b!.values) - meanOf(a!.values)) > chanceToReach(chance, LEVEL / 2)
          : null,
      };
    }),
    protocol,
  };
}
