/** What of the feature cache is cleared. */
import { number, optional, toggle } from "../../options/kinds.ts";
import { option } from "../../options/option.ts";

export const CLEAR_ROWS = {
  olderThan: option({
    group: "Cache",
    kind: optional(number(0)),
    value: "DAYS",
    default: undefined,
    defaultText: "all, whenever used",
    summary: "remove only entries unused for DAYS",
  }),
  downTo: option({
    group: "Cache",
    kind: optional(number(0)),
    value: "GIB",
    default: undefined,
    defaultText: "remove all",
    summary: "remove the least recently used entries, until at most so many GiB are left",
  }),
  partial: option({
    group: "Cache",
    kind: toggle(),
    default: false,
    summary: "remove only what interrupted extractions left",
  }),
  dryRun: option({
    group: "Cache",
    kind: toggle(),
    default: false,
    summary: "show what would be removed, without removing it",
  }),
} as const;
