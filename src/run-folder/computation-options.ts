/** With what a run is computed: the part of computing that its config keeps. */
import { COMPUTATION_ROWS } from "../evaluate/option-rows.ts";
import { integer, nullable, optional, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

const { engine, device, threads, selfCheck } = COMPUTATION_ROWS;

export const RUN_COMPUTATION_TABLE = {
  engine,
  device,
  /** Sums of other numbers of threads may differ in their last bits. */
  threads: option({ ...threads, kind: nullable(integer(1, 1024)), default: null }),
  /** Kept where it was asked for or against. */
  selfCheck: option({ ...selfCheck, kind: optional(toggle()), default: undefined }),
} as const;
