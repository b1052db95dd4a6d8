/** What a report says, as plain data: the page, the Markdown and the PNG files are functions of it. */
import type { NotJudged, Verdict } from "../../diagnosis/verdict.ts";
import type { Warning } from "../../errors.ts";
import type { Chart } from "../charts/chart.ts";
import type { Table } from "../table.ts";
import type { ToyView } from "./toy-view.ts";

export const REPORT_SCHEMA = "gan-eval/report/1";

export type Fact = readonly [name: string, text: string];

/** One figure of the summary. */
export interface Headline {
  readonly name: string;
  readonly value: string;
  /** `[1.2, 1.4]` and what it is. */
  readonly interval?: string;
  /** Real against real. */
  readonly floor?: string;
  readonly direction?: "lower" | "higher";
  /** `best: 12.1 in round 400`. */
  readonly note?: string;
}

/** An image in the page: a data URI. */
export interface Image {
  readonly source: string;
  readonly width: number;
  readonly height: number;
}

export interface SampleFrame extends Image {
  readonly round: number;
}

export interface Samples {
  /** By round, rising. */
  readonly frames: readonly SampleFrame[];
  /** Real ones, laid out alike. */
  readonly real?: Image;
  /** What stands in the columns of the grids, from the left: `A`, `fake B`. */
  readonly columns?: readonly string[];
  /** Drawings, not pixels to be seen one by one. */
  readonly areDrawings: boolean;
  /** Rounds that were sampled and left out for the page's size. */
  readonly leftOut: number;
}

/** Generated images and the training images nearest to them. */
export interface Neighbours {
  readonly pairs: readonly {
    readonly generated: Image;
    readonly real: Image;
    readonly distance: number;
  }[];
  /** By which distance, of which checkpoint. */
  readonly caption: string;
}

/** Images and what networks made of each. */
export interface Translations {
  readonly rows: readonly {
    readonly name: string;
    readonly input: Image;
    readonly outputs: readonly (Image & { readonly file: string })[];
  }[];
  readonly caption: string;
  /** Images that were translated and are left out for the page's size. */
  readonly leftOut: number;
}

export interface ReportTable {
  readonly id: string;
  readonly title: string;
  readonly caption?: string;
  readonly table: Table;
}

export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly kind: "run" | "result" | "comparison" | "translation";
  /** The run's name, or the sets'. */
  readonly title: string;
  /** Under the title. */
  readonly facts: readonly Fact[];
  readonly verdicts: readonly Verdict[];
  readonly notJudged: readonly NotJudged[];
  readonly headlines: readonly Headline[];
  readonly charts: readonly Chart[];
  readonly samples?: Samples;
  readonly neighbours?: Neighbours;
  readonly translations?: Translations;
  readonly toy?: ToyView;
  readonly tables: readonly ReportTable[];
  /** Everything that decides the numbers. */
  readonly protocol: readonly Fact[];
  /** As a shell takes it; what repeats the run or the measurement. */
  readonly command: string;
  /** What could not be read or drawn; the report is of the rest. */
  readonly warnings: readonly Warning[];
  /** `run.json`, the result or the comparison: what the JSON download has beside the charts. */
  readonly source: unknown;
}
