/** Losses that are no numbers any more, or ever larger; steps as large as the weights. */
import { isOfPair } from "../train/players.ts";
import { isBad, toEvidence } from "./evidence.ts";
import {
  columnOf,
  lastScorings,
  layersOf,
  lossColumnOf,
  networksOf,
  type RunSignals,
  tailOf,
} from "./run-signals.ts";
import { finite, median } from "./series.ts";
import type { Evidence, Finding } from "./verdict.ts";

interface Broken {
  readonly round: number;
  /** ` of cycle`: the terms or losses, where they are known. */
  readonly of: string;
}

/** The terms that an event names. */
function messageToTerms(message: string): string {
  const terms = [...message.matchAll(/ for the term ([\w-]+)/g)].map(([, name]) => name);
  return terms.length === 0 ? "" : ` of ${terms.join(" and ")}`;
}

/**
 * The first round in which a loss was no number: of an event, or of the table. In that of several networks NaN stands for
 * what a phase does not compute, and an event for the rest.
 */
function firstBroken({ losses, status, description, cast }: RunSignals): Broken | undefined {
  const event = description.events.findLast(({ kind }) => kind === "diverged");
  if (event && status === "failed")
    return {
      round: event.round,
      of: isOfPair(description) ? "" : messageToTerms(event.message),
    };
  const isBroken = (value: number): boolean =>
    isOfPair(description) ? !Number.isFinite(value) : Math.abs(value) === Number.POSITIVE_INFINITY;
  const names = cast.players.map(lossColumnOf).filter((name) => losses.columns.has(name));
  const at = losses.rounds.findIndex((_, i) => names.some((name) => isBroken(columnOf(losses, name)[i])));
  return at < 0 ? undefined : { round: losses.rounds[at], of: "" };
}

/**
 * A network's largest step over the largest norm that its weights have had by then: near 1 the rate throws away what the
 * network was, whatever its loss does afterwards. Weights that pass through zero make no step large.
 */
function layersToSteps(run: RunSignals): Evidence[] {
  return networksOf(run).flatMap((player) => {
    const layers = layersOf(run, player);
    const rounds = layers[0]?.rounds ?? [];
    let [weights, largest, at] = [0, 0, 0];
    for (const [i, round] of rounds.entries()) {
      let [square, step] = [0, 0];
      for (const layer of layers) {
        const norm = columnOf(layer, "weight_norm")[i];
        square += norm ** 2;
        step += (norm * columnOf(layer, "update_ratio")[i]) ** 2;
      }
      if (square > weights) weights = square;
      const ratio = Math.sqrt(step / weights);
      if (ratio > largest) [largest, at] = [ratio, round];
    }
    if (weights === 0) return [];
    return [
      toEvidence(`largest step of the ${player} over its weights`, largest, "above", "divergedStep", {
        rounds: [at, at],
      }),
    ];
  });
}

export function runToDivergence(run: RunSignals): Finding {
  const { losses, signals, description, cast } = run;
  const broken = firstBroken(run);
  if (broken !== undefined) {
    const evidence: Evidence = {
      metric: "rounds with finite losses",
      value: Math.max(0, broken.round - 1),
      comparison: "below",
      threshold: description.rounds,
      source: "every loss must be finite",
      rounds: [broken.round, broken.round],
    };
    return {
      holds: [evidence],
      summary: `in round ${broken.round} a loss${broken.of} became NaN or infinite`,
    };
  }
  const evidence = cast.players.map(lossColumnOf).flatMap((name) => {
    const tail = tailOf(losses, name);
    if (!tail) return [];
    const size = median(tail.values.map(Math.abs));
    // Of a player that these rounds do not train.
    if (Number.isNaN(size)) return [];
    return [toEvidence(`size of ${name}`, size, "above", "divergedLoss", { rounds: tail.rounds })];
  });
  const half = Math.ceil(signals.rounds.length / 2);
  const spread = lastScorings(signals, "spread_ratio", half);
  if (spread)
    evidence.push(
      toEvidence(
        "largest spread ratio (fake over real)",
        Math.max(...finite(spread.values)),
        "above",
        "divergedSpread",
        {
          floor: 1,
          rounds: spread.rounds,
        },
      ),
    );
  evidence.push(...layersToSteps(run));
  if (evidence.length === 0) return { unknown: "no losses were recorded" };
  const large = evidence.filter(isBad);
  if (large.length === 0) return { clear: evidence };
  return { holds: large, summary: `${large[0].metric} is ${large[0].value.toPrecision(3)}` };
}
