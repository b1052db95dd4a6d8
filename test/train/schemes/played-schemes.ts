/** Schemes played for some rounds on drawn data, and what then lies in their checkpoints. */
import { expect } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { openDomains } from "../../../src/train/data/domains/open-domains.ts";
import type { DomainsWanted } from "../../../src/train/data/domains-wanted.ts";
import { openMaker } from "../../../src/train/maker.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { INPUT_KINDS, type SchemeInput } from "../../../src/train/scheme/inputs.ts";
import type { Scheme } from "../../../src/train/scheme/scheme.ts";
import { SCHEME_BUILDERS } from "../../../src/train/schemes/builders.ts";
import {
  rowToOptions,
  SCHEME_MODELS,
  type SchemeModel,
  type SchemeModelName,
} from "../../../src/train/schemes/models.ts";
import type { SchemeOptions, SchemeRequest } from "../../../src/train/schemes/scheme-request.ts";
import { Trainer } from "../../../src/train/trainer.ts";

/** The smallest sizes that train. */
export const TINY: Partial<SchemeOptions> = { batchSize: 2, filters: 2, discriminatorFilters: 2, blocks: 1 };

/** A model of small networks, and drawn data for it. */
export async function openModel(
  name: SchemeModelName,
  data: string,
  options: Partial<SchemeOptions>,
  seed = 3,
) {
  const row: SchemeModel = SCHEME_MODELS[name];
  const wants: DomainsWanted = row.wants;
  const chosen = rowToOptions(row, options);
  const { scale } = chosen;
  const opened = await openDomains({
    wants,
    data,
    seed,
    ...(row.labels && { labels: row.labels }),
    ...(scale > 1 && { scale }),
  });
  const request: SchemeRequest = {
    options: chosen,
    fields: opened.data.fields,
    ...(opened.data.attributes && { attributes: opened.data.attributes }),
  };
  return { scheme: await SCHEME_BUILDERS[name](request), data: opened.data, request };
}

async function openTrainer(
  engine: Engine,
  name: SchemeModelName,
  data: string,
  options: Partial<SchemeOptions>,
) {
  const opened = await openModel(name, data, options);
  const rates = { generator: 1e-3, discriminator: 1e-3 };
  const trainer = await Trainer.open(engine, opened.scheme, opened.data, { seed: 3, rates, rounds: 4 });
  return { ...opened, trainer };
}

/** What a maker reads, as far as it is drawn and not read from the data. */
const drawInput = (name: string, input: SchemeInput, n: number): Float32Array => {
  const { make } = INPUT_KINDS[input.kind] as (typeof INPUT_KINDS)["normal"];
  const sources = { batchSize: n } as Parameters<typeof make>[3];
  return make(
    input as Parameters<typeof make>[0],
    n,
    openRandomStream(7, name),
    sources,
    name,
  ) as Float32Array;
};

/** Every input of a maker for n held-out samples. */
export async function makerInputs(
  scheme: Scheme,
  inputs: readonly string[],
  fields: Readonly<Record<string, Float32Array>>,
  n: number,
): Promise<Record<string, Float32Array>> {
  return Object.fromEntries(
    inputs.map((name) => {
      const input = scheme.inputs[name];
      const isRead = input.kind === "field" || input.kind === "permuted";
      return [name, isRead ? fields[input.field] : drawInput(name, input, n)];
    }),
  );
}

/**
 * Three rounds have the same bytes twice, and left after two and taken up again; every maker makes images that are finite
 * and no larger than 1.
 */
export async function expectPlays(
  engine: Engine,
  name: SchemeModelName,
  data: string,
  options: Partial<SchemeOptions>,
): Promise<void> {
  const first = await openTrainer(engine, name, data, options);
  await first.trainer.playRound();
  await first.trainer.playRound();
  const half = first.trainer.save();
  const { scalars } = await first.trainer.playRound(true);
  const whole = first.trainer.save();
  for (const { name: term, isSilent, weight } of first.scheme.terms)
    if (!isSilent && weight !== 0)
      expect(scalars[term.replaceAll("-", "_")], term).toEqual(expect.any(Number));

  const second = await openTrainer(engine, name, data, options);
  for (let i = 0; i < 3; i++) await second.trainer.playRound();
  expect(second.trainer.save()).toEqual(whole);
  second.trainer.restore(half);
  await second.trainer.playRound();
  expect(second.trainer.save()).toEqual(whole);
  await second.trainer.dispose();

  const fields = await first.data.heldOut.fields(0, 3);
  for (const maker of first.scheme.makers) {
    const opened = await openMaker(
      engine,
      first.scheme,
      maker,
      (network) => first.trainer.arraysOf(network),
      2,
    );
    const made = await opened.make(await makerInputs(first.scheme, maker.inputs, fields, 3));
    expect(made, maker.name).toHaveLength(3 * opened.shape.reduce((size, side) => size * side, 1));
    expect(
      made.every((value) => Math.abs(value) <= 1),
      maker.name,
    ).toBe(true);
    await opened.dispose();
  }
  await first.trainer.dispose();
}
