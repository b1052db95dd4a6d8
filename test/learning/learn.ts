/** Learning tests: a small model trained on drawn data, and statistics of what it makes of held-out samples. */
import { expect } from "vitest";
import { LESSONS } from "../../src/cli/commands/list-models/learnt.ts";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { type DomainRequest, openDomains } from "../../src/train/data/domains/open-domains.ts";
import { openMaker } from "../../src/train/maker.ts";
import type { ScheduleName } from "../../src/train/schedules.ts";
import type { Maker, Scheme } from "../../src/train/scheme/scheme.ts";
import { SCHEME_BUILDERS } from "../../src/train/schemes/builders.ts";
import {
  rowToOptions,
  SCHEME_MODELS,
  type SchemeModel,
  type SchemeModelName,
} from "../../src/train/schemes/models.ts";
import type { SchemeOptions } from "../../src/train/schemes/scheme-request.ts";
import { Trainer } from "../../src/train/trainer.ts";

export interface Lesson {
  readonly model: SchemeModelName;
  readonly data: string;
  readonly rounds: number;
  readonly options: Partial<SchemeOptions>;
  /** Learning rate of both roles. */
  readonly rate: number;
  /** How it falls; constant if left out. */
  readonly schedule?: ScheduleName;
  /** Differs from what the model wants: pairs for a model of two unpaired domains. */
  readonly wants?: DomainRequest["wants"];
  readonly labels?: DomainRequest["labels"];
  /** Held-out samples that statistics are taken of; 100 if left out. */
  readonly heldOut?: number;
}

/** What was learnt. */
export interface Learnt {
  readonly scheme: Scheme;
  /** Held-out samples by field: the first ones. */
  readonly heldOut: Readonly<Record<string, Float32Array>>;
  readonly count: number;
  /** What a maker of the scheme, or one of the test's own, makes of inputs. */
  make(maker: string | Maker, inputs: Readonly<Record<string, Float32Array>>): Promise<Float32Array>;
  /** Trains on for so many rounds. */
  play(rounds: number): Promise<void>;
}

/** Seeds that a test plays: 1, or those of `LEARNING_SEEDS=1,2,3` to calibrate. */
export const SEEDS: readonly number[] = (process.env.LEARNING_SEEDS ?? "1").split(",").map(Number);

/** Trains a model as a lesson says, and hands what it learnt to `judge`. */
export async function learn<Result>(
  lesson: Lesson,
  seed: number,
  judge: (learnt: Learnt) => Promise<Result>,
): Promise<Result> {
  const row: SchemeModel = SCHEME_MODELS[lesson.model];
  const options = rowToOptions(row, lesson.options);
  const { data, close } = await openDomains({
    wants: lesson.wants ?? row.wants,
    data: lesson.data,
    ...((lesson.labels ?? row.labels) && { labels: lesson.labels ?? row.labels }),
    ...(options.scale > 1 && { scale: options.scale }),
    seed,
  });
  const engine: Engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const scheme = await SCHEME_BUILDERS[lesson.model]({ options, fields: data.fields });
  const { rounds, rate, heldOut = 100 } = lesson;
  const trainer = await Trainer.open(engine, scheme, data, {
    seed,
    rounds,
    rates: { generator: rate, discriminator: rate },
    ...(lesson.schedule && { schedule: lesson.schedule }),
  });
  try {
    const play = async (count: number): Promise<void> => {
      for (let round = 0; round < count; round++) await trainer.playRound();
    };
    await play(rounds);
    return await judge({
      play,
      scheme,
      heldOut: await data.heldOut.fields(0, heldOut),
      count: heldOut,
      async make(maker, inputs) {
        const chosen = typeof maker === "string" ? scheme.makers.find(({ name }) => name === maker)! : maker;
        const open = await openMaker(engine, scheme, chosen, (network) => trainer.arraysOf(network), heldOut);
        const made = await open.make(inputs);
        await open.dispose();
        return made;
      },
    });
  } finally {
    await trainer.dispose();
    await engine.dispose();
    await close();
  }
}

/** Mean of |x - y| over all elements. */
export const meanError = (x: Float32Array, y: Float32Array): number =>
  x.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / x.length;

/** The mean of n rows, n times. */
export function meanRows(rows: Float32Array, n: number): Float32Array {
  const stride = rows.length / n;
  const mean = new Float32Array(stride);
  for (const [i, value] of rows.entries()) mean[i % stride] += value / n;
  return Float32Array.from(rows, (_, i) => mean[i % stride]);
}

/** One line of figures for people: `error 0.123, of copying 0.5`. */
const figuresToText = (figures: Readonly<Record<string, number>>): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join(", ");

/** Prints the figures of a seed, since people read them, and holds them to the bounds of their lesson in `LESSONS`. */
export function judge(
  { model, data, rounds }: Pick<Lesson, "data" | "rounds"> & { readonly model: string },
  seed: number,
  figures: Readonly<Record<string, number>>,
): void {
  const { user, system } = process.cpuUsage();
  console.log(
    `${model} on ${data}, seed ${seed}: ${figuresToText(figures)} (${((user + system) / 1e6).toFixed(0)} s of processor time so far)`,
  );
  const lesson = LESSONS.find((row) => row.model === model && row.data === data);
  expect(lesson, `a lesson of ${model} on ${data}`).toMatchObject({ rounds });
  for (const { key, bound } of lesson!.statistics) {
    const [side, value] = bound;
    const asserted = expect(figures[key], `${key} of ${figuresToText(figures)}`);
    if (side === "below") asserted.toBeLessThan(value);
    else asserted.toBeGreaterThan(value);
  }
}
