/** What the lab has said, as one state. */
import type {
  BranchFacts,
  PaneFacts,
  PaneState,
  Readings,
  ShownEvidence,
  ToPage,
} from "../../../protocol/plane-messages.ts";
import { appendRows, NO_ROWS, type Rows } from "./rows.ts";

export interface Judged {
  readonly round: number;
  readonly readings: Readings;
  readonly verdicts: readonly ShownEvidence[];
}

export interface Pane {
  readonly facts: PaneFacts;
  readonly state?: PaneState;
  /** Of the branch that is shown. */
  readonly rows: Rows;
  readonly judged?: Judged;
  /** Readings by round, as columns. */
  readonly readings: Rows;
}

export interface LabError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface LabState {
  /** 0 until one is open. */
  readonly session: number;
  readonly panes: readonly Pane[];
  readonly isPaired: boolean;
  readonly notPaired?: string;
  readonly isPlaying: boolean;
  readonly roundsPerSecond: number;
  /** The last round of the branch. */
  readonly newest: number;
  readonly branch: number;
  readonly branches: readonly BranchFacts[];
  /** What was read of each branch last, in the first pane. */
  readonly scores: Readonly<Record<number, Readings>>;
  readonly canUndo: boolean;
  /** The last one, until something succeeds. */
  readonly error?: LabError;
  /** What was exported last. */
  readonly exported?: { readonly what: string; readonly name: string; readonly bytes?: string };
}

export const NO_LAB: LabState = {
  session: 0,
  panes: [],
  isPaired: true,
  isPlaying: false,
  roundsPerSecond: 0,
  newest: 0,
  branch: 0,
  branches: [],
  scores: {},
  canUndo: false,
};

const changePane = (lab: LabState, at: number, change: (pane: Pane) => Pane): LabState => ({
  ...lab,
  panes: lab.panes.map((pane, i) => (i === at ? change(pane) : pane)),
});

/** One row of numbers, the readings of a round. */
const readingsToRow = (round: number, readings: Readings) => {
  const columns = Object.keys(readings);
  return { from: round, columns, rounds: [round], values: [columns.map((name) => readings[name].value)] };
};

const withPairing = (lab: LabState, isPaired: boolean, notPaired: string | undefined): LabState => {
  const { notPaired: _, ...rest } = lab;
  return { ...rest, isPaired, ...(notPaired !== undefined && { notPaired }) };
};

type Hear = {
  readonly [K in ToPage["kind"]]: (lab: LabState, message: Extract<ToPage, { kind: K }>) => LabState;
};

const HEAR: Hear = {
  opened: (_, { session, panes, isPaired, notPaired }) =>
    withPairing(
      { ...NO_LAB, session, panes: panes.map((facts) => ({ facts, rows: NO_ROWS, readings: NO_ROWS })) },
      isPaired,
      notPaired,
    ),
  settings: (lab, { panes, isPaired, notPaired }) =>
    withPairing(
      { ...lab, panes: lab.panes.map((pane, i) => ({ ...pane, facts: panes[i] ?? pane.facts })) },
      isPaired,
      notPaired,
    ),
  state: (lab, { kind: _, panes, ...rest }) => ({
    ...lab,
    ...rest,
    panes: lab.panes.map((pane, i) => (panes[i] ? { ...pane, state: panes[i] } : pane)),
  }),
  rows: (lab, message) =>
    changePane(lab, message.pane, (pane) => ({
      ...pane,
      rows: appendRows(pane.rows, message),
      // Readings of rounds that are no more.
      readings: appendRows(pane.readings, { from: message.from + 1, columns: [], rounds: [], values: [] }),
    })),
  judged: (lab, { pane: at, round, readings, verdicts }) =>
    changePane(
      at === 0 ? { ...lab, scores: { ...lab.scores, [lab.branch]: readings } } : lab,
      at,
      (pane) => ({
        ...pane,
        judged: { round, readings, verdicts },
        readings: insertReadings(pane.readings, round, readings),
      }),
    ),
  exported: (lab, { what, name, bytes }) => ({
    ...lab,
    exported: { what, name, ...(bytes !== undefined && { bytes }) },
  }),
  error: (lab, { code, message, hint }) => ({
    ...lab,
    error: { code, message, ...(hint !== undefined && { hint }) },
  }),
};

/** A round that was looked at again is in its place already. */
function insertReadings(rows: Rows, round: number, readings: Readings): Rows {
  const last = rows.rounds[rows.rounds.length - 1] ?? -1;
  return round <= last ? rows : appendRows(rows, readingsToRow(round, readings));
}

/** Messages of other parts of the page change nothing. */
export function hear(lab: LabState, message: ToPage): LabState {
  const how = HEAR[message.kind] as ((lab: LabState, message: ToPage) => LabState) | undefined;
  return how ? how(lab, message) : lab;
}
