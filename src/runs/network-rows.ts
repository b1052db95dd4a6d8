/** Layers as `run.json` lists them. */
import type { RunPlan } from "../run-folder/description.ts";
import type { GanModel } from "../train/gan-model.ts";
import type { LayerRecord } from "../train/networks/network.ts";

type Networks = RunPlan["networks"];

const layersToRows = (layers: readonly LayerRecord[]): Networks["generator"] =>
  layers.map(({ name, kind, input, output, parameters }) => ({
    name,
    kind,
    input: [...input],
    output: [...output],
    parameters,
  }));

export const modelToNetworks = ({ generator, discriminator }: GanModel): Networks => ({
  generator: layersToRows(generator.network.layers),
  discriminator: layersToRows(discriminator.network.layers),
});
