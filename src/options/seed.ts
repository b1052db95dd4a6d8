/** The seed of whatever is drawn at random: one row for all that have one. */
import { integer } from "./kinds.ts";
import { option } from "./option.ts";

export const SEED_OPTION = option({
  group: "Measurement",
  kind: integer(0, 2 ** 32 - 1),
  value: "N",
  default: 2020,
  summary: "seed of all random draws",
});
