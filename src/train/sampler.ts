/** The generator alone, for evaluation and previews: running statistics, no gradients. */
import type { ArrayData, ArrayValue, Engine } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { under, within } from "./networks/names.ts";
import type { Network } from "./networks/network.ts";
import { sizeOf } from "./networks/shapes.ts";

export interface Sampler {
  /** Row-major `[n, ...output]` for latents `[n, ...input]` and, of a conditional generator, one-hot labels; any n. */
  sample(latent: Float32Array, labels?: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Compiles a generator for batches of `batchSize`. `arrays`, by `weights/...` and `buffers/...`, are read where they lie
 * at each call: a trainer's move on with training.
 */
export async function openSampler(
  engine: Engine,
  generator: Network,
  arrays: Readonly<Record<string, ArrayValue>>,
  batchSize: number,
): Promise<Sampler> {
  const { classes } = generator;
  const specs = { ...under("weights", generator.weights), ...under("buffers", generator.buffers) };
  const signature = Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, { shape }]));
  const program = await engine.compile(
    (inputs) => {
      const given = {
        weights: within(inputs, "weights"),
        buffers: within(inputs, "buffers"),
        labels: (inputs as Partial<typeof inputs>).labels,
      };
      return { samples: generator.apply(inputs.latent, given, "evaluate").output };
    },
    {
      latent: { shape: [batchSize, ...generator.input] },
      ...(classes !== undefined && { labels: { shape: [batchSize, classes] } }),
      ...signature,
    },
    {
      name: "generator",
      inPlace: { inputs: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) },
    },
  );
  const [width, size] = [sizeOf(generator.input), sizeOf(generator.output)];
  /** Rows from `start`, and zeros where there are no more. */
  const rows = (from: Float32Array, start: number, columns: number): Float32Array<ArrayBuffer> => {
    const batch = new Float32Array(batchSize * columns);
    batch.set(from.subarray(start * columns, (start + batchSize) * columns));
    return batch;
  };
  return {
    async sample(latent, labels) {
      const n = latent.length / width;
      if (classes !== undefined && labels?.length !== n * classes)
        throw new GanEvalError(
          "usage.labels",
          `expected ${n} labels of ${classes} classes for a conditional generator, got ${labels ? labels.length / classes : "none"}`,
        );
      const samples = new Float32Array(n * size);
      for (let start = 0; start < n; start += batchSize) {
        const inputs: Record<string, ArrayData> = { latent: rows(latent, start, width) };
        if (classes !== undefined) inputs.labels = rows(labels!, start, classes);
        const { samples: made } = await program.run(inputs as never);
        samples.set((made.data as Float32Array).subarray(0, (n - start) * size), start * size);
      }
      return samples;
    },
    dispose: () => program.dispose(),
  };
}
