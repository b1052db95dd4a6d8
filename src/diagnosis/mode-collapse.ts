/** Full and partial mode collapse: how much of the data is never made. */
import { type EvidenceMore, isBad, toEvidence } from "./evidence.ts";
import { lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { SetSignals } from "./set-signals.ts";
import type { Evidence, Finding } from "./verdict.ts";

interface Diversity {
  readonly spread: number;
  /** Of a set: distance to the nearest other sample, over real ones'. */
  readonly nearest?: number;
  readonly missing: number;
  /** Of a set: in wide bins or in finer ones, whichever leave more out. */
  readonly unreached?: number;
  readonly floor: number;
  readonly more: EvidenceMore;
}

const UNSCORED: Finding = {
  unknown:
    "the run was not scored, or goes on and was scored less than three times: train with --eval-every N, or give sets with --real and --fake",
};

/** Scorings of a run that goes on: at its beginning every generator makes one thing. */
const LEAST_WHILE_RUNNING = 3;

/** Of the last scorings, the middle one. */
function runToDiversity({ signals, status }: RunSignals): Diversity | undefined {
  const [spread, missing] = ["spread_ratio", "missing_share"].map((name) => lastScorings(signals, name));
  if (!spread || !missing) return undefined;
  if (status === "running" && signals.rounds.length < LEAST_WHILE_RUNNING) return undefined;
  return {
    spread: median(spread.values),
    missing: median(missing.values),
    floor: 0,
    more: { rounds: missing.rounds },
  };
}

const setsToDiversity = ({ spread, nearest, missing, unreached }: SetSignals): Diversity => ({
  spread,
  // A stray sample fills a narrow bin, and one class half of a wide one.
  unreached: Math.max(missing.value, unreached),
  ...(nearest !== undefined && { nearest }),
  missing: missing.value,
  floor: missing.floor ?? 0,
  more: {},
});

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function toFull({ spread, nearest, missing, unreached = missing, floor, more }: Diversity): Finding {
  const repeated = toEvidence(
    "distance to the nearest other sample (fake over real)",
    nearest ?? 1,
    "below",
    "collapseNearest",
    {
      floor: 1,
    },
  );
  const evidence = [
    toEvidence("spread ratio (fake over real)", spread, "below", "collapseSpread", { floor: 1, ...more }),
    toEvidence("share of the real data left out", unreached, "above", "collapseMissing", { floor, ...more }),
    ...(nearest === undefined ? [] : [repeated]),
  ];
  if (!evidence.some(isBad)) return { clear: evidence };
  const again = isBad(repeated) ? ", and the same ones come again and again" : "";
  return {
    holds: evidence,
    summary: `samples leave out ${percent(unreached)} of the real data, and are ${spread.toPrecision(2)} times as far from each other as real ones${again}`,
  };
}

function toPartial(diversity: Diversity): Finding {
  const { missing, floor, more } = diversity;
  const evidence = [
    toEvidence("share left out, less real against real's", missing - floor, "above", "partialMissing", {
      floor,
      ...more,
    }),
  ];
  if ("holds" in toFull(diversity) || !evidence.some(isBad)) return { clear: evidence };
  return { holds: evidence, summary: `samples leave out ${percent(missing)} of the real data` };
}

const ofRun =
  (toFinding: (diversity: Diversity) => Finding) =>
  (run: RunSignals): Finding => {
    const diversity = runToDiversity(run);
    return diversity ? toFinding(diversity) : UNSCORED;
  };

export const runToCollapse = ofRun(toFull);
export const runToPartialCollapse = ofRun(toPartial);

export const setsToCollapse = (sets: SetSignals): Finding => toFull(setsToDiversity(sets));

/** With coverage and recall beside it, where they were measured. */
export function setsToPartialCollapse(sets: SetSignals): Finding {
  const finding = toPartial(setsToDiversity(sets));
  if (!("holds" in finding)) return finding;
  const beside = ["coverage", "recall"].flatMap((name): Evidence[] => {
    const measured = sets.scores.get(name);
    if (measured?.floor === undefined) return [];
    const { value, floor, interval } = measured;
    return [
      {
        metric: name,
        value,
        comparison: value < floor ? "below" : "within",
        threshold: floor,
        source: "real against real",
        floor,
        ...(interval && { interval }),
      },
    ];
  });
  return { ...finding, holds: [...finding.holds, ...beside] };
}
