/** Blocks of rows that the jackknife leaves out one at a time. */
import type { Role } from "../role.ts";

/** Rows of one side in blocks of nearly equal size, of which one at a time is left out. */
export interface Blocks {
  readonly role: Role;
  readonly count: number;
  /** [n] The block of each row, 0 to count - 1. */
  readonly ofRow: Int32Array;
}
