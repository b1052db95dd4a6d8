/** A function of tensors compiled by an engine of its own, and gradients of functions. */
import type { CompileOptions, Program, Signature, Tensors } from "../engine/engine.ts";
import { type EngineChoice, openEngine } from "../engine/index.ts";
import * as tf from "../engine/tfjs.ts";
import { GanEvalError } from "../errors.ts";

/**
 * Opens an engine and compiles `fn` for it; disposing of the program closes the engine. For several programs on one
 * engine: `openEngine` and `engine.compile`.
 * @param signature shape (and dtype, default float32) of each named input
 * @throws GanEvalError what `openEngine` and `engine.compile` throw
 */
export async function compile<S extends Signature, Out extends string>(
  fn: (inputs: Tensors<keyof S & string>) => Tensors<Out>,
  signature: S,
  options: EngineChoice & CompileOptions = {},
): Promise<Program<keyof S & string, Out>> {
  const { engine: name, device, threads, tf32, selfCheck, ...compiling } = options;
  const engine = await openEngine({ engine: name, device, threads, tf32, selfCheck });
  try {
    const program = await engine.compile(fn, signature, compiling);
    return {
      run: (inputs) => program.run(inputs),
      async dispose() {
        await program.dispose();
        await engine.dispose();
      },
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

/** A scalar and its slope by each input, shaped as that input. */
export interface Gradients<Names extends string> {
  readonly value: tf.Scalar;
  readonly gradients: Tensors<Names>;
}

/**
 * The value of a scalar function and its gradient by each of its inputs, dy/dx. It is for use inside a function that is
 * compiled, and can be nested.
 * @throws GanEvalError `usage.gradients` where `fn` gives no scalar
 */
export function gradients<Names extends string>(
  fn: (inputs: Tensors<Names>) => tf.Tensor,
): (inputs: Tensors<Names>) => Gradients<Names> {
  return (inputs) => {
    const names = Object.keys(inputs) as Names[];
    const named = (tensors: readonly tf.Tensor[]): Tensors<Names> =>
      Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as Tensors<Names>;
    const scalar = (...tensors: tf.Tensor[]): tf.Scalar => {
      const value = fn(named(tensors));
      if (value.rank === 0) return value as tf.Scalar;
      throw new GanEvalError("usage.gradients", `expected a scalar to differentiate, got [${value.shape}]`, {
        hint: "End the function with tf.sum or tf.mean.",
      });
    };
    const { value, grads } = tf.valueAndGrads(scalar)(names.map((name) => inputs[name]));
    return { value: value as tf.Scalar, gradients: named(grads) };
  };
}
