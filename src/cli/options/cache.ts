/** What of the feature cache is cleared. */
import { number, optional, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const CACHE_OPTIONS = {
  olderThan: option({
    group: "Cache",
    kind: optional(number(0)),
    value: "DAYS",
    default: undefined,
    defaultText: "all, whenever used",
    summary: "only what was not used for DAYS",
  }),
  partial: option({
    group: "Cache",
    kind: toggle(),
    default: false,
    summary: "only what interrupted extractions left",
  }),
  clearDryRun: option({
    group: "Cache",
    kind: toggle(),
    flag: "dry-run",
    default: false,
    summary: "say what would be removed, and remove nothing",
  }),
} as const;
