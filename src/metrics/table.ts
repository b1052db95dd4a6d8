/** The table of metrics, and how the values of each are named in a result. */
import { GanEvalError } from "../errors.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { row as oneNearestNeighbour } from "./1nn.ts";
import { row as authpct } from "./authpct.ts";
import { row as birthday } from "./birthday.ts";
import { row as clippedDc } from "./clipped-dc.ts";
import { row as cmmd } from "./cmmd.ts";
import { row as ct } from "./ct.ts";
import { row as dc } from "./dc.ts";
import { row as diversity } from "./diversity.ts";
import { row as diversityLpips } from "./diversity-lpips.ts";
import { row as diversityRandom } from "./diversity-random.ts";
import { row as fid } from "./fid.ts";
import { row as fidInf } from "./fid-inf.ts";
import { row as fld } from "./fld.ts";
import { row as fwd } from "./fwd.ts";
import { row as is } from "./is.ts";
import { row as isInf } from "./is-inf.ts";
import { row as kid } from "./kid.ts";
import { row as l1 } from "./l1.ts";
import { row as lapSwd } from "./lap-swd.ts";
import { row as lpips } from "./lpips.ts";
import type { Metric, Values } from "./metric.ts";
import { row as mifid } from "./mifid.ts";
import { row as mind } from "./mind.ts";
import { row as modeScore } from "./mode-score.ts";
import { row as modes } from "./modes.ts";
import { row as msSsim } from "./ms-ssim.ts";
import { row as ndb } from "./ndb.ts";
import { row as nnRatio } from "./nn-ratio.ts";
import { row as pPr } from "./p-pr.ts";
import { row as perceptualRandom } from "./perceptual-random.ts";
import { row as pr } from "./pr.ts";
import { row as prCover } from "./pr-cover.ts";
import { row as prd } from "./prd.ts";
import { row as psnr } from "./psnr.ts";
import { row as rarity } from "./rarity.ts";
import { row as realism } from "./realism.ts";
import { row as rke } from "./rke.ts";
import { row as rrke } from "./rrke.ts";
import { row as sfid } from "./sfid.ts";
import { row as ssim } from "./ssim.ts";
import { row as swd } from "./swd.ts";
import { row as symPr } from "./sym-pr.ts";
import { row as vendi } from "./vendi.ts";

/** Every metric, under its id. A new metric is one file that exports its row, and one line here. */
const rows = {
  fid,
  "fid-inf": fidInf,
  sfid,
  kid,
  cmmd,
  mind,
  swd,
  "lap-swd": lapSwd,
  fwd,
  "1nn": oneNearestNeighbour,
  is,
  "is-inf": isInf,
  "mode-score": modeScore,
  pr,
  dc,
  "clipped-dc": clippedDc,
  "sym-pr": symPr,
  "p-pr": pPr,
  "pr-cover": prCover,
  prd,
  realism,
  rarity,
  "ms-ssim": msSsim,
  vendi,
  rke,
  rrke,
  ndb,
  birthday,
  modes,
  authpct,
  mifid,
  "nn-ratio": nnRatio,
  ct,
  fld,
  l1,
  psnr,
  ssim,
  lpips,
  "perceptual-random": perceptualRandom,
  diversity,
  "diversity-lpips": diversityLpips,
  "diversity-random": diversityRandom,
} as const;

export type MetricId = keyof typeof rows;

export const metrics: Readonly<Record<MetricId, Metric>> = rows;

export const metricIds = Object.keys(metrics) as MetricId[];

/** The row of an id as a user wrote it. Throws `usage.unknown-metric`. */
export function idToMetric(id: string): Metric {
  const row = Object.hasOwn(metrics, id) ? metrics[id as MetricId] : undefined;
  if (row) return row;
  const near = wordToSuggestion(id, metricIds);
  throw new GanEvalError("usage.unknown-metric", `expected a metric (${metricIds.join(", ")}), got "${id}"`, {
    hint: near ? `Did you mean ${near}?` : "`gan-eval list-metrics` says what each metric is and needs.",
  });
}

/**
 * The name of a metric's value in a result, by the extractor's family.
 * @param extractor `inception`, `digits`, ...
 */
export const valueToKey = <V extends string>(
  { keys }: Pick<Metric<never, V>, "keys">,
  value: V,
  extractor: string,
): string => keys[value].replace("{extractor}", extractor);

/** A metric's values under the names that results give them. */
export function valuesToKeys<V extends string>(
  row: Pick<Metric<never, V>, "keys">,
  values: Values<V>,
  extractor: string,
): Record<string, number> {
  return Object.fromEntries(
    (Object.keys(row.keys) as V[]).map((value) => [valueToKey(row, value, extractor), values[value]]),
  );
}
