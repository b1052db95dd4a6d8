/** What a model makes of held-out images: all alike, nothing to do with its inputs, or copies of them. */
import type { CastMaker } from "../run-folder/cast.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { lastScorings, type RunSignals } from "./run-signals.ts";
import { median } from "./series.ts";
import type { ThresholdName } from "./thresholds.ts";
import type { Finding } from "./verdict.ts";

/** Evaluations that a state has to last: an untrained network makes grey of everything, or lets it through. */
const LEAST_EVALUATIONS = 3;

interface MakerSign {
  /** A column of signals.csv, behind the maker's name where there are several. */
  readonly column: string;
  readonly threshold: ThresholdName;
  /** What the number is. */
  readonly metric: string;
  /** Of a maker that is as it should be, where that is known. */
  readonly floor?: number;
  /** What it means where it is below its threshold, as a clause. */
  readonly text: (maker: CastMaker, value: number) => string;
  /** Why there may be no such column. */
  readonly without: string;
}

const nameOf = ({ name, prefix }: CastMaker): string => (prefix === "" ? "" : ` of ${name}`);

/** The middle value of the last three evaluations of each maker against its threshold; one bad maker suffices. */
function signToFinding({ cast, signals }: RunSignals, sign: MakerSign): Finding {
  const count = signals.rounds.length;
  if (count < LEAST_EVALUATIONS)
    return {
      unknown: `expected at least ${LEAST_EVALUATIONS} evaluations, got ${count}: train with ${count === 0 ? "" : "a smaller "}--eval-every N`,
    };
  const found = cast.makers.flatMap((maker) => {
    const window = lastScorings(signals, `${maker.prefix}${sign.column}`);
    const value = median(window?.values ?? []);
    if (!window || Number.isNaN(value)) return [];
    const evidence = toEvidence(`${sign.metric}${nameOf(maker)}`, value, "below", sign.threshold, {
      ...(sign.floor !== undefined && { floor: sign.floor }),
      rounds: window.rounds,
    });
    return [{ maker, value, evidence }];
  });
  if (found.length === 0) return { unknown: sign.without };
  const bad = found.filter(({ evidence }) => isBad(evidence));
  if (bad.length === 0) return { clear: found.map(({ evidence }) => evidence) };
  return {
    holds: bad.map(({ evidence }) => evidence),
    summary: bad.map(({ maker, value }) => sign.text(maker, value)).join("; "),
  };
}

const outputs = ({ name, prefix }: CastMaker): string => (prefix === "" ? "outputs" : `outputs of ${name}`);

/** `output_spread` below 0.1: a generator that has collapsed, whatever it is shown. */
export const runToAlike = (run: RunSignals): Finding =>
  signToFinding(run, {
    column: "output_spread",
    threshold: "outputsAlike",
    metric: "spread of outputs (over that of the target's images)",
    floor: 1,
    text: (maker, value) =>
      `${outputs(maker)} are ${value.toPrecision(2)} times as far apart as the images that they should look like`,
    without: "no evaluation looked at the outputs: an earlier version recorded the run",
  });

/** `input_dependence` below 0.15: outputs differ, but not as their inputs do. */
export const runToIgnored = (run: RunSignals): Finding =>
  signToFinding(run, {
    column: "input_dependence",
    threshold: "inputIgnored",
    metric: "correlation of distances between inputs and between outputs",
    text: (maker, value) =>
      `how far ${outputs(maker)} are apart has a correlation of ${value.toFixed(2)} with how far their inputs are`,
    without: "needs inputs that are images, and at least 32 of them held out",
  });

/** `input_distance` below 0.1. */
export const runToCopied = (run: RunSignals): Finding =>
  signToFinding(run, {
    column: "input_distance",
    threshold: "inputCopied",
    metric: "distance of outputs to inputs (over that of the target's images)",
    floor: 1,
    text: (maker, value) =>
      `${outputs(maker)} are ${value.toPrecision(2)} times as far from their inputs as images of the target are`,
    without: "needs inputs that are images of the outputs' size",
  });
