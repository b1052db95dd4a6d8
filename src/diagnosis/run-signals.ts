/** A run's tables as verdicts read them. */

import { type Cast, type CastJudge, type CastPlayer, descriptionToCast } from "../run-folder/cast.ts";
import type { RunRecord } from "../run-folder/read-run.ts";
import type { Table } from "../run-folder/read-table.ts";
import type { RunConfig } from "../run-folder/run-config.ts";
import { LOSS_FACTS, type LossFacts, type LossName } from "../train/loss-facts.ts";
import { median } from "./series.ts";

/** What a run recorded; of a run that is being trained, what it recorded so far. */
export type RunTables = Pick<
  RunRecord,
  "losses" | "layers" | "scores" | "signals" | "status" | "description"
>;

export interface RunSignals extends RunTables {
  readonly lossName: LossName;
  readonly loss: LossFacts;
  readonly config: Partial<RunConfig>;
  /** Who plays: a generator and a discriminator, or a scheme's players. */
  readonly cast: Cast;
}

/** The last part of a column, and the rounds that it is of. */
export interface Window {
  readonly values: Float64Array;
  readonly rounds: readonly [from: number, to: number];
}

/** Fewer records say nothing. */
export const LEAST_RECORDS = 10;
/** Scorings that a state has to last, so that one bad draw is none. */
const LAST_SCORINGS = 3;
/** Rounds at the beginning that gradients are held against. */
const FIRST_ROUNDS = 100;

export function tablesToSignals(tables: RunTables): RunSignals {
  const config = tables.description.config as Partial<RunConfig>;
  const lossName =
    config.loss !== undefined && Object.hasOwn(LOSS_FACTS, config.loss) ? config.loss : "non-saturating";
  return {
    ...tables,
    config,
    lossName,
    loss: LOSS_FACTS[lossName],
    cast: descriptionToCast(tables.description),
  };
}

/** Whether what is trained makes images of held-out ones: rules on samples of latents do not apply. */
export const isOfMakers = ({ cast }: RunSignals): boolean => cast.makers.length > 0;

/** Why a rule on samples of latents says nothing of a model of several networks. */
export const MAKERS_UNKNOWN =
  "a model that makes images of held-out ones is judged by outputs-alike, input-ignored and input-copied instead";

/** Columns of a player's losses. */
export const lossColumnOf = ({ column }: CastPlayer): string => `${column}_loss`;

/** The networks of all players, in their order. */
export const networksOf = ({ cast }: RunSignals): readonly string[] =>
  cast.players.flatMap(({ networks }) => networks);

/** A column of a discriminator's: `real_score`. */
export const judgeColumnOf = ({ prefix }: CastJudge, name: string): string => `${prefix}${name}`;

/** Whether the data are images; points are their own features. */
export const isOfImages = ({ data }: RunTables["description"]): boolean => data.shape.length === 3;

export const columnOf = (table: Table, name: string): Float64Array =>
  table.columns.get(name) ?? new Float64Array(0);

/** Rows from a place on; undefined where the table has no such column. */
function windowFrom({ rounds, columns }: Table, name: string, from: number): Window | undefined {
  const values = columns.get(name)?.subarray(from);
  if (values === undefined || values.length === 0) return undefined;
  return { values, rounds: [rounds[from], rounds[rounds.length - 1]] };
}

/** The last third of the rows, at least 10 of them. */
export const tailOf = (table: Table, name: string): Window | undefined =>
  windowFrom(table, name, tailStart(table));

const tailStart = ({ rounds }: Table): number =>
  Math.max(0, rounds.length - Math.max(LEAST_RECORDS, Math.ceil(rounds.length / 3)));

/** All rows of the last `count` rounds. */
export function lastRounds(table: Table, name: string, count: number): Window | undefined {
  const end = table.rounds[table.rounds.length - 1];
  const from = table.rounds.findIndex((round) => round > end - count);
  return from < 0 ? undefined : windowFrom(table, name, from);
}

/** The last evaluations. */
export const lastScorings = (table: Table, name: string, count = LAST_SCORINGS): Window | undefined =>
  windowFrom(table, name, Math.max(0, table.rounds.length - count));

/** The median of a column in the first 100 rounds. */
export const firstMedian = ({ rounds, columns }: Table, name: string): number =>
  median((columns.get(name) ?? []).filter((_, i) => rounds[i] <= FIRST_ROUNDS));

export const layersOf = ({ layers }: RunSignals, network: string) =>
  layers.filter((layer) => layer.player === network);
