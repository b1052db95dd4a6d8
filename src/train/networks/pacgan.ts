/** The networks of PacGAN's experiments on rings and grids of points. Source: Lin et al. 2018; fjxmlzn/PacGAN. */
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import type { BatchNormOptions, Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

/** Normal weights of deviation 0.02, biases 0. */
const DRAWN = { deviation: 0.02, bias: "zeros" } as const;
const BATCH_NORM: BatchNormOptions = { epsilon: 1e-4, momentum: 0.05 };

/** Latent to four times 400, batch norm and rectified units without biases, and a point. */
export function pacganGenerator(latent: number, dimensions: number, classes?: number): Network {
  const block: readonly Layer[] = [
    { kind: "dense", units: 400, ...DRAWN, bias: false },
    { kind: "batch-norm", ...BATCH_NORM },
    { kind: "relu" },
  ];
  return layersToNetwork(
    [latent],
    [
      ...labelLayers([latent], classes),
      ...Array<readonly Layer[]>(4).fill(block).flat(),
      { kind: "dense", units: dimensions, ...DRAWN },
    ],
  );
}

/** Points side by side to three times 200 maxout units of 5 pieces, and one logit. */
export function pacganDiscriminator(dimensions: number, { classes, outputs = 1 }: HeadOptions = {}): Network {
  const maxout: Layer = { kind: "maxout", units: 200, pieces: 5, ...DRAWN };
  return layersToNetwork(
    [dimensions],
    [
      ...labelLayers([dimensions], classes),
      maxout,
      maxout,
      maxout,
      { kind: "dense", units: outputs, ...DRAWN },
    ],
  );
}
