/** Vanishing gradients: a generator that is told nothing any more, and layers that nothing reaches. */
import { runToCutOff } from "./dead-units.ts";
import { isBad, toEvidence } from "./evidence.ts";
import {
  firstMedian,
  judgeColumnOf,
  lastRounds,
  layersOf,
  networksOf,
  type RunSignals,
  tailOf,
} from "./run-signals.ts";
import { runToSaturation } from "./saturation.ts";
import { median } from "./series.ts";
import { THRESHOLDS } from "./thresholds.ts";
import type { Evidence, Finding } from "./verdict.ts";

/** AutoTrainer's rule on each network: its first layer's gradient, and that over the last layer's. */
function layersToEvidence(run: RunSignals): Evidence[] {
  return networksOf(run).flatMap((player) => {
    const layers = layersOf(run, player);
    const [first, last] = [layers[0], layers.at(-1)].map((layer) => layer && tailOf(layer, "gradient_norm"));
    if (layers.length < 2 || !first || !last) return [];
    const [ofFirst, ofLast] = [median(first.values), median(last.values)];
    const more = { rounds: first.rounds };
    return [
      toEvidence(
        `gradient norm of ${player}/${layers[0].layer} over ${layers.at(-1)!.layer}`,
        ofLast > 0 ? ofFirst / ofLast : 1,
        "below",
        "vanishingRatio",
        more,
      ),
      toEvidence(`gradient norm of ${player}/${layers[0].layer}`, ofFirst, "below", "vanishingFirst", more),
    ];
  });
}

/** What is left of the generator's gradient under a discriminator that is sure. */
function saturationToEvidence(run: RunSignals): Evidence[] {
  const { losses, lossName, cast } = run;
  const evidence: Evidence[] = [];
  for (const { name, column } of cast.players.filter(({ role }) => role === "generator")) {
    const window = lastRounds(losses, `${column}_gradient_norm`, THRESHOLDS.saturatedRounds.value);
    if (!window) continue;
    const left = median(window.values) / firstMedian(losses, `${column}_gradient_norm`);
    if (Number.isNaN(left) && cast.terms.length > 0) continue;
    const metric =
      name === "generator"
        ? "generator's gradient norm over its first 100 rounds'"
        : `gradient norm of ${name} over its first 100 rounds'`;
    evidence.push(toEvidence(metric, left, "below", "vanishingShare", { rounds: window.rounds }));
  }
  // Where cycles and the like are minimised too, their gradient does not vanish with that of a discriminator.
  if (evidence.length === 0 || lossName !== "minimax" || cast.terms.length > 0) return evidence;
  for (const judge of cast.judges) {
    const window = lastRounds(losses, judgeColumnOf(judge, "fake_score"), THRESHOLDS.saturatedRounds.value);
    const fake = median(window?.values ?? []);
    const metric = `weight of the minimax gradient, D(G(z)) / (1 - D(G(z)))${judge.of}`;
    const more = evidence[0].rounds === undefined ? {} : { rounds: evidence[0].rounds };
    evidence.push(toEvidence(metric, fake / (1 - fake), "below", "vanishingShare", more));
  }
  return evidence;
}

/**
 * Where the discriminator is saturated and the generator's gradient is below 1 % of what it was, or of what the
 * non-saturating loss would give; and, whatever the loss, by AutoTrainer's rule on the layers. A gradient does not vanish
 * that dead units cut off: either network's end is then their consequence.
 */
export function runToVanishing(run: RunSignals): Finding {
  const layers = layersToEvidence(run);
  if (runToCutOff(run).length > 0) return { clear: layers.filter((each) => !isBad(each)) };
  for (let at = 0; at < layers.length; at += 2) {
    const pair = layers.slice(at, at + 2);
    if (pair.every(isBad))
      return {
        holds: pair,
        summary: `almost no gradient reaches ${pair[1].metric.split(" ").at(-1)}`,
      };
  }
  const saturation = runToSaturation(run);
  if (!("unknown" in saturation)) {
    const left = saturationToEvidence(run);
    if (saturation.isSaturated && left.some(isBad))
      return {
        holds: [...left, ...saturation.evidence],
        summary:
          "the discriminator is certain of every sample, and the generator's gradient has almost vanished",
      };
    return { clear: [...left, ...layers] };
  }
  return layers.length > 0 ? { clear: layers } : { unknown: saturation.unknown };
}
