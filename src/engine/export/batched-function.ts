/** A function of examples, before it is known how many there are at a time. */
import type { ArrayValue, Signature, Tensors } from "../engine.ts";

/** What is exported: named inputs of any number of examples, and arrays that become part of the file. */
export interface BatchedFunction {
  readonly name: string;
  /** Shapes of one example. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly constants: Readonly<Record<string, ArrayValue>>;
  apply(inputs: Tensors, constants: Tensors): Tensors;
}

/** How many examples an exported function takes at a time. */
export type BatchSize = "any" | 1;

/**
 * What depends on the number of examples is what differs between traces of two numbers. Both are primes that hardly a
 * network has as a size; one that has is exported all the same, or for a fixed number.
 */
export const PROBES = [101, 103] as const;

/** Of a function that cannot be exported for any number. */
export const FIXED = 1;

export const signatureOf = ({ inputs }: BatchedFunction, batch: number): Signature =>
  Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, { shape: [batch, ...shape] }]));
