/** What a scheme makes of held-out samples: one maker compiled, in evaluation mode. */
import type { ArrayData, ArrayValue, Engine, Tensors } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import { under, within } from "./networks/names.ts";
import { type Shape, sizeOf } from "./networks/shapes.ts";
import { inputToSpec } from "./scheme/inputs.ts";
import { TracedRound } from "./scheme/round.ts";
import type { Maker, Scheme } from "./scheme/scheme.ts";

export interface OpenMaker {
  /** Of one image that it makes: height, width, channels. */
  readonly shape: Shape;
  /** Row-major `[n, ...shape]` for inputs `[n, ...]` by name; any n. */
  make(inputs: Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** A maker as a function of its inputs and of its networks' arrays, `NETWORK/weights/...` and `NETWORK/buffers/...`. */
export const makerToFunction =
  (scheme: Scheme, maker: Maker, onRound: (round: TracedRound) => void = () => {}) =>
  (inputs: Tensors): { readonly made: Tensors[string] } => {
    const networks = Object.fromEntries(
      Object.keys(scheme.networks).map((name) => [
        name,
        { weights: within(inputs, `${name}/weights`), buffers: within(inputs, `${name}/buffers`) },
      ]),
    );
    const round = new TracedRound(scheme, inputs, networks, "evaluate");
    const made = maker.make(round);
    onRound(round);
    return { made };
  };

const makerToSignature = (scheme: Scheme, maker: Maker, batchSize: number) =>
  Object.fromEntries(
    maker.inputs.map((name) => [name, inputToSpec({ ...scheme.inputs[name], batch: batchSize }, batchSize)]),
  );

/**
 * The networks that a maker applies, in the scheme's order: what has to be read of a checkpoint.
 * @throws GanEvalError `usage.scheme` for a maker that reads what it does not name
 */
export async function makerToNetworks(scheme: Scheme, maker: Maker): Promise<readonly string[]> {
  const [{ functionToGraph }, { loadTensorflow }] = await Promise.all([
    import("../engine/trace.ts"),
    import("../engine/tensorflow.ts"),
  ]);
  await loadTensorflow();
  const arrays = Object.entries(scheme.networks).flatMap(([name, { weights, buffers }]) =>
    Object.entries({ ...under(`${name}/weights`, weights), ...under(`${name}/buffers`, buffers) }),
  );
  const used = new Set<string>();
  const fn = makerToFunction(scheme, maker, ({ reached }) => {
    for (const place of reached.keys()) used.add(scheme.passes[place].network);
  });
  const specs = Object.fromEntries(arrays.map(([name, { shape }]) => [name, { shape }]));
  functionToGraph(fn, { ...makerToSignature(scheme, maker, 1), ...specs }, `maker ${maker.name}`);
  return Object.keys(scheme.networks).filter((name) => used.has(name));
}

/**
 * Compiles a maker for batches of `batchSize`. `arraysOf` gives a network's arrays by `weights/...` and `buffers/...`; they
 * are read where they lie at each call, so a trainer's move on with training.
 * @throws GanEvalError `usage.scheme` for a maker that reads what it does not name
 */
export async function openMaker(
  engine: Engine,
  scheme: Scheme,
  maker: Maker,
  arraysOf: (network: string) => Readonly<Record<string, ArrayValue>>,
  batchSize: number,
): Promise<OpenMaker> {
  const arrays: Record<string, ArrayValue> = Object.assign(
    {},
    ...Object.keys(scheme.networks).map((name) => under(name, arraysOf(name))),
  );
  const signature = makerToSignature(scheme, maker, batchSize);
  const kept = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, { shape }]));
  const program = await engine.compile(
    makerToFunction(scheme, maker),
    { ...signature, ...kept },
    {
      name: `maker ${maker.name}`,
      inPlace: { inputs: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) },
    },
  );
  let shape: Shape = [];
  const sizes = Object.entries(signature).map(
    ([name, spec]) => [name, sizeOf(spec.shape.slice(1)), spec.shape.length > 0] as const,
  );
  const run = async (inputs: Readonly<Record<string, Float32Array>>, from: number) => {
    const fed = sizes.map(([name, size, isBatched]) => {
      if (!isBatched) return [name, inputs[name]] as const;
      const batch = new Float32Array(batchSize * size);
      batch.set(inputs[name].subarray(from * size, (from + batchSize) * size));
      return [name, batch] as const;
    });
    const { made } = await program.run(Object.fromEntries(fed) as Record<string, ArrayData>);
    shape = made.shape.slice(1);
    return made.data as Float32Array;
  };
  const zeros = Object.fromEntries(sizes.map(([name, size]) => [name, new Float32Array(batchSize * size)]));
  await run(zeros, 0);
  return {
    shape,
    async make(inputs) {
      const counts = sizes.flatMap(([name, size, isBatched]) =>
        isBatched ? [inputs[name].length / size] : [],
      );
      const [n = 0] = counts;
      if (!counts.every((count) => count === n && Number.isInteger(n)))
        throw new GanEvalError(
          "usage.scheme",
          `expected as many examples of each input of ${maker.name}, got ${counts.join(", ")}`,
        );
      const size = sizeOf(shape);
      const made = new Float32Array(n * size);
      for (let from = 0; from < n; from += batchSize)
        made.set((await run(inputs, from)).subarray(0, (n - from) * size), from * size);
      return made;
    },
    dispose: () => program.dispose(),
  };
}
