/** The ratio of Frechet distances to their floors over several networks. */
import type { EvaluationResult } from "../evaluate/result.ts";
import { keyToRow } from "../metrics/values.ts";
import { scoreToText } from "./quantities.ts";

export interface FloorRatio {
  /** The mean over the networks of the distance over its floor. */
  readonly mean: number;
  /** The networks, by their names. */
  readonly extractors: readonly string[];
}

/**
 * FDr^k: the mean over k networks of FD(fake, real) / FD(other real, real), without a unit, so that no network weighs more for
 * its scale. Undefined of fewer than two networks, and where one has no such ratio: a mean over others would be another number.
 * Source: arXiv 2604.28190, which takes six networks.
 */
export function resultsToFloorRatio(
  results: readonly Pick<EvaluationResult, "floors" | "protocol">[],
): FloorRatio | undefined {
  const ratios = results.map(({ floors = {} }) => {
    const found = Object.entries(floors).find(([key]) => {
      const row = keyToRow(key);
      return row?.metric === "fid" && row.isMain;
    });
    return found?.[1].ratio;
  });
  if (ratios.length < 2 || ratios.includes(undefined)) return undefined;
  const mean = ratios.reduce<number>((sum, ratio) => sum + ratio!, 0) / ratios.length;
  return { mean, extractors: results.map(({ protocol }) => protocol.extractor) };
}

export const floorRatioToText = ({ mean, extractors }: FloorRatio): string =>
  `mean ratio of the Frechet distance to real vs real over ${extractors.length} networks (FDr^${extractors.length}): ${scoreToText(mean)}`;
