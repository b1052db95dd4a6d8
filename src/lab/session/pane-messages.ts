/** What a session and the thread of a pane say to each other. */
import type {
  AskedLayer,
  PaneFacts,
  PaneState,
  PlaneOptions,
  PlayerName,
} from "../protocol/plane-messages.ts";
import type { ExportedPath } from "./export-run.ts";
import type { Judged } from "./pane-judge.ts";
import type { PaneSpan } from "./span.ts";

/** What a report is to show besides the state. */
export interface Wanted {
  /** A frame under these numbers. */
  readonly frame?: { readonly session: number; readonly sequence: number; readonly pane: number };
  readonly layers: readonly AskedLayer[];
  /** Layers that take long may be some frames old. */
  readonly isHasty?: boolean;
  /** Rounds that were recorded since they were last asked for. */
  readonly rows: boolean;
}

export interface Rows {
  readonly from: number;
  readonly columns: readonly string[];
  readonly rounds: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/** Where a pane stands. */
export interface PaneReport {
  readonly state: PaneState;
  readonly isInRound: boolean;
  readonly frame?: Uint8Array<ArrayBuffer>;
  readonly rows?: Rows;
  /** Milliseconds that rounds and the frame took. */
  readonly roundMs: number;
  readonly viewMs: number;
}

/** Facts of a pane that hold until a setting changes; the session adds what only it knows. */
export type OwnFacts = Omit<PaneFacts, "command" | "journal">;

/** What the panes have drawn so far: the same numbers where they are the same. */
export interface Drawn {
  readonly latents: number;
  readonly data: number;
  /** What decides how many are drawn from now on, by what a reader calls it. */
  readonly amounts: Readonly<Record<string, string | number>>;
}

/** Calls of a pane by name: arguments and answer. */
export interface PaneCalls {
  /** Round 0 of a span without a parent. What was open is closed when this one is. */
  open(span: PaneSpan, wanted: Wanted): Promise<PaneReport>;
  /** Begins a span at the round where it stands. */
  change(span: PaneSpan, wanted: Wanted): Promise<PaneReport>;
  /** To the end of a round of the last span of a path from round 0. */
  goTo(path: readonly PaneSpan[], round: number, wanted: Wanted): Promise<PaneReport>;
  /** To the end of a round that was not played yet. */
  advance(to: number, wanted: Wanted): Promise<PaneReport>;
  /** More updates of the player that the span begins with. */
  alone(updates: number, wanted: Wanted): Promise<PaneReport>;
  step(by: "phase" | "update" | "round" | PlayerName, wanted: Wanted): Promise<PaneReport>;
  /** Takes the last part of a round back; `isAtStart`: there is none, and the round before has to be played up to it. */
  backPhase(wanted: Wanted): Promise<PaneReport & { readonly isAtStart: boolean }>;
  /** Plays a round up to the gradients of its last step. */
  toLastGradients(wanted: Wanted): Promise<PaneReport>;
  look(wanted: Wanted): Promise<PaneReport>;
  facts(): Promise<OwnFacts>;
  drawn(): Promise<Drawn>;
  /** `scores`: anew, and recorded; else exact numbers alone are. */
  judge(scores: boolean): Promise<Judged>;
  /** Whether options make a run here, and what a change to them would do. */
  weigh(options: PlaneOptions): Promise<"now" | "recompiles" | "restarts" | undefined>;
  /** Recorded rounds on a path, thinned. */
  history(path: readonly PaneSpan[], round: number): Promise<Rows>;
  /** sha256 of what each player owns: for whoever checks that states are the same. */
  hashes(): Promise<Readonly<Record<PlayerName, string>>>;
  /** Writes a run's folder, and gives its name. Of a pane that has nothing open. */
  exportRun(folder: string, exported: ExportedPath): Promise<string>;
  exportFile(what: "points" | "curves" | "generator", path: readonly PaneSpan[]): Promise<Uint8Array>;
  /** Ends an export that is under way. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export type PaneCall = keyof PaneCalls;
