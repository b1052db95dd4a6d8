/** The MNIST networks of the first paper on GANs. Source: Goodfellow et al. 2014; goodfeli/adversarial, mnist.yaml. */
import { type HeadOptions, labelLayers } from "./conditioning.ts";
import { type Layer, type Shape, sizeOf } from "./layers.ts";
import { flatInput } from "./mlp.ts";
import { layersToNetwork, type Network } from "./network.ts";

/**
 * Latent to 1,200, 1,200 and the pixels, rectified units, sigmoid, here stretched to [-1, 1]. Weights uniform within
 * 0.05, biases 0; the original sets the last layer's biases to the logits of the data's mean image.
 */
export function goodfellowGenerator(latent: number, image: Shape, classes?: number): Network {
  const dense = (units: number): Layer => ({ kind: "dense", units, bound: 0.05, bias: "zeros" });
  return layersToNetwork(
    [latent],
    [
      ...labelLayers([latent], classes),
      dense(1200),
      { kind: "relu" },
      dense(1200),
      { kind: "relu" },
      dense(sizeOf(image)),
      { kind: "sigmoid", range: [-1, 1] },
      { kind: "reshape", shape: image },
    ],
  );
}

/**
 * Twice 240 maxout units of 5 pieces, and one logit; dropout of the pixels (0.2) and of every later layer's input (0.5).
 * Weights uniform within 0.005, biases 0.
 */
export function goodfellowDiscriminator(image: Shape, { classes, outputs = 1 }: HeadOptions = {}): Network {
  const drawn = { bound: 0.005, bias: "zeros" } as const;
  const maxout: Layer = { kind: "maxout", units: 240, pieces: 5, ...drawn };
  return layersToNetwork(image, [
    ...flatInput(image, classes),
    { kind: "dropout", rate: 0.2 },
    maxout,
    { kind: "dropout", rate: 0.5 },
    maxout,
    { kind: "dropout", rate: 0.5 },
    { kind: "dense", units: outputs, ...drawn },
  ]);
}
