/** A step with a state as a function of one flat set of inputs, the state among them. */
import { GanEvalError } from "../errors.ts";
import type { ArrayData, ArrayValue, InputSpec, Tensors } from "./engine.ts";
import type { Tensor } from "./tfjs.ts";

export type StatefulFunction = (inputs: Tensors, state: Tensors) => { outputs: Tensors; state: Tensors };

/** The graph's name of an array of the state; a caller's own names do not begin so. */
export const slotName = (name: string): string => `state/${name}`;

const typeOf = (data: ArrayData): InputSpec["dtype"] =>
  data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "bool";

export const mapEntries = <T, U>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T) => readonly [string, U],
): Record<string, U> => Object.fromEntries(Object.entries(record).map(([name, value]) => map(name, value)));

/** The state's signature, by the graph's names. */
export const stateToSignature = (
  state: Readonly<Record<string, ArrayValue>>,
): Record<string, InputSpec & { readonly dtype: NonNullable<InputSpec["dtype"]> }> =>
  mapEntries(state, (key, { data, shape }) => [slotName(key), { shape, dtype: typeOf(data)! }]);

const typeToText = (tensor: Tensor | undefined): string =>
  tensor ? `${tensor.dtype} [${tensor.shape.join(", ")}]` : "nothing";

/** @throws GanEvalError `usage.state-type` for a new state of other types than the old one */
function checkState(old: Tensors, next: Tensors): void {
  for (const [name, tensor] of Object.entries(old)) {
    const [before, after] = [tensor, (next as Partial<Tensors>)[name]].map(typeToText);
    if (before !== after)
      throw new GanEvalError(
        "usage.state-type",
        `expected the new state ${name} to be ${before} like the old one, got ${after}`,
        { hint: "Return every array of the state, with its shape and type unchanged." },
      );
  }
}

/** @param inputs names of what is given anew @param state names of what is carried */
export const flatStep =
  (step: StatefulFunction, inputs: readonly string[], state: readonly string[]) =>
  (tensors: Tensors): Tensors => {
    const own = Object.fromEntries(inputs.map((name) => [name, tensors[name]]));
    const carried = Object.fromEntries(state.map((name) => [name, tensors[slotName(name)]]));
    const result = step(own, carried);
    checkState(carried, result.state);
    return { ...result.outputs, ...mapEntries(result.state, (name, tensor) => [slotName(name), tensor]) };
  };
