/** What the page of runs and the lab say to each other: JSON, one object a message. */

import type { RunEntry } from "../index/run-entry.ts";
import type { Changes } from "../index/run-index.ts";
import type { SweepEntry } from "../index/sweep-entry.ts";
import type { RunView } from "../view/run-view.ts";

export type RunsToLab =
  /** Sends the table, and what a run's page shows, as they change; in the place of what was watched before. */
  { readonly kind: "watch"; readonly run?: string } | { readonly kind: "unwatch" };

export type RunsToPage =
  | {
      readonly kind: "table";
      readonly runs: readonly RunEntry[];
      readonly sweeps: readonly SweepEntry[];
      readonly canStop: boolean;
    }
  | ({ readonly kind: "changes"; readonly sweeps: readonly SweepEntry[] } & Changes)
  | { readonly kind: "run"; readonly view: RunView }
  | { readonly kind: "gone"; readonly id: string }
  | { readonly kind: "unreadable"; readonly id: string; readonly message: string };
