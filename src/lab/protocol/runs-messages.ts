/** What the page of runs and the lab say to each other: JSON, one object a message. */

import type { GateEntry } from "../index/find-gates.ts";
import type { RunEntry } from "../index/run-entry.ts";
import type { Changes } from "../index/run-index.ts";
import type { SweepEntry } from "../index/sweep-entry.ts";
import type { RunView } from "../view/run-view.ts";
import type { ChartView, LiveCharts, LiveValues } from "./charts.ts";

/** Runs that are laid over one another. */
export const MOST_COMPARED = 12;

export type RunsToLab =
  /**
   * Sends the table and the charts of a run, or of some over one another, as they change; in the place of what was
   * watched before.
   */
  | {
      readonly kind: "watch";
      readonly run?: string;
      readonly compare?: readonly string[];
      readonly view?: ChartView;
    }
  /** Another view of what is watched. */
  | { readonly kind: "view"; readonly view: ChartView }
  /** Asks what all series are at a place of the x axis. */
  | { readonly kind: "at"; readonly x: number }
  | { readonly kind: "unwatch" };

export type RunsToPage =
  | {
      readonly kind: "table";
      readonly runs: readonly RunEntry[];
      readonly sweeps: readonly SweepEntry[];
      readonly gates: readonly GateEntry[];
      readonly isReadOnly: boolean;
    }
  | ({
      readonly kind: "changes";
      readonly sweeps: readonly SweepEntry[];
      readonly gates: readonly GateEntry[];
    } & Changes)
  | { readonly kind: "run"; readonly view: RunView }
  | ({ readonly kind: "charts" } & LiveCharts)
  | ({ readonly kind: "values" } & LiveValues)
  | { readonly kind: "gone"; readonly id: string }
  | { readonly kind: "unreadable"; readonly id: string; readonly message: string };
