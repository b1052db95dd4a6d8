/** With what is computed. */
export { COMPUTATION_ROWS as COMPUTATION_OPTIONS } from "../../evaluate/option-rows.ts";
