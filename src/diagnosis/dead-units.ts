/** Units that no sample of a batch switches on: they get no gradient, and so never come back. */
import { PLAYERS } from "../train/game.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { layersOf, type RunSignals, tailOf } from "./run-signals.ts";
import { median } from "./series.ts";
import type { Evidence, Finding } from "./verdict.ts";

/** AutoTrainer's rule, layer by layer, where the network gets a gradient at all. */
export function runToDeadUnits(run: RunSignals): Finding {
  const evidence = PLAYERS.flatMap((player) => {
    const layers = layersOf(run, player);
    const last = layers.at(-1);
    const reached = last && tailOf(last, "gradient_norm");
    if (!reached || !(median(reached.values) > 0)) return [];
    return layers.flatMap((layer): Evidence[] => {
      const zeros = tailOf(layer, "zero_gradients");
      const share = zeros ? median(zeros.values) : Number.NaN;
      if (!zeros || Number.isNaN(share)) return [];
      return [
        toEvidence(`zero gradient entries of ${player}/${layer.layer}`, share, "above", "deadShare", {
          rounds: zeros.rounds,
        }),
      ];
    });
  });
  if (evidence.length === 0)
    return { unknown: "layers.csv has no zero_gradients: the run was recorded by an earlier version" };
  const dead = evidence.filter(isBad);
  if (dead.length === 0) return { clear: [evidence.reduce((a, b) => (b.value > a.value ? b : a))] };
  return {
    holds: dead,
    summary: `${dead.length} of ${evidence.length} layers get no gradient in most of their entries`,
  };
}
