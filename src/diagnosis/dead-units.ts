/** Units that no sample of a batch switches on: they get no gradient, and so never come back. */
import type { LayerTable } from "../run-folder/read-table.ts";
import { isBad, toEvidence } from "./evidence.ts";
import { layersOf, networksOf, type RunSignals, tailOf } from "./run-signals.ts";
import { median } from "./series.ts";
import type { Evidence, Finding } from "./verdict.ts";

const normOf = (layer: LayerTable | undefined): number =>
  median((layer && tailOf(layer, "gradient_norm")?.values) ?? []);

/** None where the run was recorded without them. */
function layerToEvidence(layer: LayerTable): Evidence[] {
  const zeros = tailOf(layer, "zero_gradients");
  const share = zeros ? median(zeros.values) : Number.NaN;
  if (!zeros || Number.isNaN(share)) return [];
  const metric = `zero gradient entries of ${layer.player}/${layer.layer}`;
  return [toEvidence(metric, share, "above", "deadShare", { rounds: zeros.rounds })];
}

/** The layers of a network that gets a gradient at all. */
function reachedLayers(run: RunSignals, network: string): readonly LayerTable[] {
  const layers = layersOf(run, network);
  return normOf(layers.at(-1)) > 0 ? layers : [];
}

/**
 * First layers that exactly nothing reaches because of dead units, as `discriminator/dense1`. Where all units of a layer
 * are dead, so are all inputs of the next one, which is the first to get a gradient: of its biases alone. A gradient that
 * only becomes small on its way is not 0, or was rounded to 0 behind a layer whose inputs live.
 */
export const runToCutOff = (run: RunSignals): string[] =>
  networksOf(run).flatMap((player) => {
    const layers = reachedLayers(run, player);
    const from = layers.findIndex((layer) => normOf(layer) > 0);
    const isCutOff = from > 0 && layers.slice(0, from).every((layer) => normOf(layer) === 0);
    return isCutOff && layerToEvidence(layers[from]).some(isBad) ? [`${player}/${layers[0].layer}`] : [];
  });

/** AutoTrainer's rule, layer by layer, where the network gets a gradient at all. */
export function runToDeadUnits(run: RunSignals): Finding {
  const evidence = networksOf(run).flatMap((network) => reachedLayers(run, network).flatMap(layerToEvidence));
  if (evidence.length === 0)
    return { unknown: "layers.csv has no zero_gradients: an earlier version recorded the run" };
  const dead = evidence.filter(isBad);
  if (dead.length === 0) return { clear: [evidence.reduce((a, b) => (b.value > a.value ? b : a))] };
  const cutOff = runToCutOff(run);
  const nothing = cutOff.length > 0 ? `, and no gradient at all reaches ${cutOff.join(" and ")}` : "";
  return {
    holds: dead,
    summary: `${dead.length} of ${evidence.length} layers have zero gradients in most of their entries${nothing}`,
  };
}
