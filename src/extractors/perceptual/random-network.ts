/** A network that was never trained, in the place of VGG where nobody brings its weights; never under VGG's name. */
import { createHash } from "node:crypto";
import type { ArrayValue } from "../../engine/engine.ts";
import { standardNormals } from "../simple/random-conv-weights.ts";
import { isConvolution, type NetworkLayer } from "./layers.ts";

const CHANNELS = [32, 64, 128] as const;

/** conv1, relu1, pool1, conv2, relu2, pool2, conv3, relu3: 3x3 convolutions, pools of 2. */
export const RANDOM_LAYERS: readonly NetworkLayer[] = CHANNELS.flatMap((out, i): NetworkLayer[] => {
  const place = i + 1;
  const filter = [3, 3, CHANNELS[i - 1] ?? 3, out] as const;
  return [
    ...(i === 0 ? [] : [{ kind: "pool", name: `pool${i}`, size: 2, stride: 2 } as const]),
    { kind: "convolution", name: `conv${place}`, key: `random.${place}`, filter, stride: 1, pad: 1 },
    { kind: "rectifier", name: `relu${place}` },
  ];
});

export const RANDOM_TAPS = CHANNELS.map((_, i) => `relu${i + 1}`);

/**
 * He et al. 2015: normal of variance 2 / (9 channels in), drawn layer by layer; biases are 0.
 * @throws GanEvalError `usage.seed`
 */
export function seedToRandomArrays(seed: number): {
  readonly arrays: Record<string, ArrayValue>;
  readonly hash: string;
} {
  const normal = standardNormals(seed);
  const hash = createHash("sha256");
  const arrays: Record<string, ArrayValue> = {};
  for (const { key, filter } of RANDOM_LAYERS.filter(isConvolution)) {
    const [height, width, into, out] = filter;
    const fanIn = height * width * into;
    const data = Float32Array.from({ length: fanIn * out }, () => Math.sqrt(2 / fanIn) * normal());
    hash.update(new Uint8Array(data.buffer));
    arrays[`${key}.weight`] = { data, shape: [...filter] };
    arrays[`${key}.bias`] = { data: new Float32Array(out), shape: [out] };
  }
  return { arrays, hash: hash.digest("hex") };
}
