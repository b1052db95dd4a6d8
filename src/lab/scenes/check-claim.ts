/** Whether a claim holds of the numbers on the screen. */
import type { Claim } from "./scene.ts";

export interface CheckedClaim {
  readonly claim: Claim;
  /** Undefined where the number is not on the screen. */
  readonly value: number | undefined;
  readonly bound: number | undefined;
  readonly holds: boolean;
  /** Of a claim that something is there: what is. */
  readonly word?: string;
}

type Values = Readonly<Record<string, unknown>>;

const toNumber = (values: Values, name: string): number | undefined => {
  const value = values[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

function toBound({ bound = 0 }: Claim, values: Values): number | undefined {
  if (typeof bound === "number") return bound;
  const of = toNumber(values, bound.value);
  return of === undefined ? undefined : of * (bound.times ?? 1) + (bound.plus ?? 0);
}

export function checkClaim(claim: Claim, values: Values): CheckedClaim {
  if (claim.is === "there") {
    const word = values[claim.value];
    const holds = word !== undefined && word !== "";
    return { claim, value: undefined, bound: undefined, holds, ...(holds && { word: String(word) }) };
  }
  const value = toNumber(values, claim.value);
  const bound = toBound(claim, values);
  const compare = (a: number, b: number): boolean =>
    claim.is === "below" ? a < b : claim.is === "above" ? a > b : Math.abs(a - b) <= (claim.within ?? 0);
  return { claim, value, bound, holds: value !== undefined && bound !== undefined && compare(value, bound) };
}
