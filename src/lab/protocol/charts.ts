/** Charts of a run as they go over the socket: a window of each series, thin enough for a screen. */

/** A gap is null. */
export type LivePoint = readonly [x: number, y: number | null];

/** What the reader chose, for all charts of a page. */
export interface ChartView {
  /** Half-life of smoothing in rounds; 0: none. */
  readonly smooth: number;
  readonly along: "round" | "seconds" | "clock";
  /** The part of the x axis that is shown; undefined: all of it. */
  readonly window?: readonly [from: number, to: number];
  /** Whether the y axis leaves out the outermost hundredth of the values on either side. */
  readonly clip: boolean;
}

export interface LiveLine {
  readonly label: string;
  /** A name of a palette. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly showsPoints?: boolean;
  /** Smoothed, where the reader asked for it. */
  readonly points: readonly LivePoint[];
  /** What was smoothed. */
  readonly raw?: readonly LivePoint[];
  readonly low?: readonly LivePoint[];
  readonly high?: readonly LivePoint[];
  /** Where rows have no number, some of them, and how many there are in the window. */
  readonly gaps: readonly number[];
  readonly gapCount: number;
}

export interface LiveAxis {
  readonly title: string;
  readonly format: "count" | "number" | "power" | "category";
  readonly type?: "linear" | "logarithmic";
  readonly min?: number;
  readonly max?: number;
  readonly suggestedMin?: number;
  readonly suggestedMax?: number;
}

export interface LiveChart {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly y: LiveAxis;
  readonly lines: readonly LiveLine[];
  readonly levels: readonly { readonly label: string; readonly value: number }[];
  /** Values of the window outside of the y axis. */
  readonly outside: { readonly above: number; readonly below: number };
  /** Of values that are not above 0: how many a logarithmic axis cannot show. */
  readonly notPositive: number;
  /** Some rows of the window, for those who do not see the chart. */
  readonly table: {
    readonly heads: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
}

/** The charts of a page, whose order is that of `ids`; those that have not changed are left out. */
export interface LiveCharts {
  readonly ids: readonly string[];
  readonly changed: readonly LiveChart[];
  /** The whole x axis, and the part that is shown. */
  readonly extent: readonly [from: number, to: number];
  readonly window: readonly [from: number, to: number];
  readonly along: ChartView["along"];
  /** What can stand along the charts of this run. */
  readonly alongs: readonly ChartView["along"][];
  /** Of an axis of the clock: whether pauses are missing from it. */
  readonly leavesOutPauses: boolean;
}

/** What all series are at a place of the x axis. */
export interface LiveValues {
  readonly x: number;
  /** The recorded round that is nearest. */
  readonly round: number;
  /** Where it stands on the x axis. */
  readonly at: number;
  /** By chart, in the order of its lines; null where a line has none. */
  readonly charts: Readonly<
    Record<string, readonly { readonly value: number | null; readonly smoothed?: number | null }[]>
  >;
}
