/** The generator alone, for evaluation and previews: running statistics, no gradients. */
import type { ArrayValue, Engine } from "../engine/engine.ts";
import { sizeOf } from "./networks/layers.ts";
import { under, within } from "./networks/names.ts";
import type { Network } from "./networks/network.ts";

export interface Sampler {
  /** Row-major `[n, ...output]` for latents `[n, ...input]`; any n. */
  sample(latent: Float32Array, arrays: Readonly<Record<string, ArrayValue>>): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Compiles a generator for batches of `batchSize`; `arrays` of a call are `weights/...` and `buffers/...`. */
export async function openSampler(engine: Engine, generator: Network, batchSize: number): Promise<Sampler> {
  const specs = { ...under("weights", generator.weights), ...under("buffers", generator.buffers) };
  const signature = Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, { shape }]));
  const program = await engine.compile(
    (inputs) => {
      const arrays = { weights: within(inputs, "weights"), buffers: within(inputs, "buffers") };
      return { samples: generator.apply(inputs.latent, arrays, "evaluate").output };
    },
    { latent: { shape: [batchSize, ...generator.input] }, ...signature },
    { name: "generator" },
  );
  const [width, size] = [sizeOf(generator.input), sizeOf(generator.output)];
  return {
    async sample(latent, arrays) {
      const n = latent.length / width;
      const samples = new Float32Array(n * size);
      const given = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
      for (let start = 0; start < n; start += batchSize) {
        const batch = new Float32Array(batchSize * width);
        batch.set(latent.subarray(start * width, (start + batchSize) * width));
        const { samples: made } = await program.run({ ...given, latent: batch } as never);
        samples.set((made.data as Float32Array).subarray(0, (n - start) * size), start * size);
      }
      return samples;
    },
    dispose: () => program.dispose(),
  };
}
