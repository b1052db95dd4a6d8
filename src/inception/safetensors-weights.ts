/** The network in a safetensors file: `<layer>/weights` and `/biases` with batch norm folded, as WEIGHTS lists them. */
import { GanEvalError } from "../errors.ts";
import type { Safetensors } from "../formats/safetensors.ts";
import { tensorToFloat32 } from "../formats/tensor.ts";
import { type InceptionWeights, WEIGHTS } from "./architecture.ts";
import { fillGaps } from "./gap-fill.ts";

export interface FilledWeights {
  readonly weights: InceptionWeights;
  /** The tensors that the file lacked and a seed made. */
  readonly filled: readonly string[];
}

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");

function refuseOthers({ tensors }: Safetensors, location: string): void {
  const shapes = new Map(WEIGHTS.map(({ name, shape }) => [name, shape]));
  const unexpected = [...tensors.keys()].filter((name) => !shapes.has(name));
  const misshapen = [...tensors].flatMap(([name, { shape }]) => {
    const expected = shapes.get(name);
    return expected && String(shape) !== String(expected)
      ? [`${name} [${shape}] instead of [${expected}]`]
      : [];
  });
  if (unexpected.length + misshapen.length === 0) return;
  const what = [
    unexpected.length > 0 && `unexpected ${listed(unexpected)}`,
    misshapen.length > 0 && `with another shape ${listed(misshapen)}`,
  ].filter(Boolean);
  throw new GanEvalError(
    "input.other-network",
    `expected the Inception network of 2015-12-05 in ${location}, got other tensors: ${what.join("; ")}`,
    { hint: "The names are TensorFlow's: conv/weights, conv/biases, ..., softmax/weights, softmax/biases." },
  );
}

/**
 * The network's weights from a file's tensors.
 * @param options.fillGaps makes what is missing from a seed; for tests and benchmarks
 * @throws GanEvalError `input.other-network`, `input.incomplete-network` naming what is missing
 */
export function safetensorsToWeights(
  file: Safetensors,
  location: string,
  options: { readonly fillGaps?: { readonly seed: number } } = {},
): FilledWeights {
  refuseOthers(file, location);
  const missing = WEIGHTS.filter(({ name }) => !file.tensors.has(name)).map(({ name }) => name);
  if (missing.length > 0 && options.fillGaps === undefined)
    throw new GanEvalError(
      "input.incomplete-network",
      `expected all ${WEIGHTS.length} tensors of the network in ${location}, got ${WEIGHTS.length - missing.length}; missing: ${listed(missing)}`,
      { hint: "Use a complete file: `gan-eval inception download` fetches one." },
    );
  const weights = new Map<string, Float32Array>();
  for (const { name } of WEIGHTS) {
    const tensor = file.tensors.get(name);
    if (tensor) weights.set(name, tensorToFloat32(tensor, `${name} of ${location}`));
  }
  return options.fillGaps ? fillGaps(weights, options.fillGaps.seed) : { weights, filled: [] };
}
