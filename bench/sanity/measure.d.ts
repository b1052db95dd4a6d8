/** The types of measure.js. */

export interface Judged {
  readonly name: string;
  readonly kind: "fidelity" | "diversity";
  readonly id: string;
  readonly value: string;
  readonly parameters?: Readonly<Record<string, number>>;
}
export interface Side {
  readonly data: Float32Array;
  readonly rows: number;
  readonly width: number;
}
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}
export type CheckVerdict = boolean | "low" | "high";
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  readonly ofSizes?: boolean;
  readonly cases: readonly { readonly name: string; readonly x: readonly number[] }[];
  readonly rules: Readonly<Record<string, object>>;
}
export const JUDGED: readonly Judged[];
export function checkToCurves(
  check: Check,
  how: {
    readonly repeats: number;
    readonly n?: number;
    readonly places?: number;
    readonly most?: number;
    readonly judged: readonly Judged[];
    readonly measure: (judged: readonly Judged[], real: Side, fake: Side) => Promise<number[]>;
    readonly openSource: (seed: number) => { next(): number };
    readonly seed?: number;
    readonly progress?: (text: string) => void;
  },
): Promise<Curve[][]>;
export function curvesToVerdicts(
  check: Check,
  curves: readonly (readonly Curve[])[],
  judged: readonly Judged[],
): Record<string, CheckVerdict[]>;
