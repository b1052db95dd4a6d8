/** Layers as `run.json` lists them. */
import type { RunPlan } from "../run-folder/description.ts";
import type { LayerRecord } from "../train/networks/network.ts";
import type { Scheme } from "../train/scheme/scheme.ts";

const layersToRows = (layers: readonly LayerRecord[]): RunPlan["networks"][string] =>
  layers.map(({ name, kind, input, output, parameters }) => ({
    name,
    kind,
    input: [...input],
    output: [...output],
    parameters,
  }));

export const schemeToNetworks = ({ networks }: Scheme): RunPlan["networks"] =>
  Object.fromEntries(Object.entries(networks).map(([name, { layers }]) => [name, layersToRows(layers)]));
