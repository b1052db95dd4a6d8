/** How a run is asked to stop. */
import { toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

export const STOP_ROWS = {
  wait: option({
    group: "Recording",
    kind: toggle(),
    fixed: true,
    default: true,
    summary: "wait until the run has saved and ended; --no-wait only leaves the request",
  }),
} as const;
