/** Folders of runs of models of several networks as training leaves them, with weights that were drawn. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { descriptionToText } from "../../src/run-folder/description.ts";
import { roundToLocation } from "../../src/run-folder/run-folder.ts";
import { writeCheckpoint } from "../../src/train/checkpoint.ts";
import type { ModelChoices } from "../../src/train/model.ts";
import { under } from "../../src/train/networks/names.ts";
import type { Scheme } from "../../src/train/scheme/scheme.ts";
import { choicesToSchemeOptions, optionsToScheme } from "../../src/train/scheme-model.ts";
import type { SchemeModelName } from "../../src/train/schemes/models.ts";
import { drawArrays } from "./run-folder.ts";

const SMALL = { filters: 4, discriminatorFilters: 4, blocks: 1, discriminatorLayers: 3 };

export interface SchemeRunOptions {
  readonly model?: SchemeModelName;
  readonly choices?: ModelChoices;
  readonly fields?: Readonly<Record<string, readonly number[]>>;
  readonly rounds?: readonly number[];
}

/** Writes a run's folder, and gives its scheme. */
export async function makeSchemeRunFolder(folder: string, options: SchemeRunOptions = {}): Promise<Scheme> {
  const {
    model = "cyclegan",
    choices = {},
    fields = { a: [16, 16, 3], b: [16, 16, 3] },
    rounds = [100],
  } = options;
  const config = choicesToSchemeOptions(model, { ...SMALL, ...choices });
  const scheme = await optionsToScheme({ ...config, model }, { fields });
  await mkdir(path.join(folder, "checkpoints"), { recursive: true });
  for (const round of rounds) {
    const state = Object.entries(scheme.networks).map(([name, network], i) => ({
      ...under(name, drawArrays(network, round + i)),
      ...under(`${name}/average`, drawArrays(network, round + i + 50)),
    }));
    await writeCheckpoint(roundToLocation(folder, "checkpoints", round), {
      state: Object.assign({}, ...state),
      progress: { rounds: round, seed: 0, streams: {}, data: { epoch: 0, taken: 0, stream: 0 }, numbers: {} },
    });
  }
  await writeFile(
    path.join(folder, "run.json"),
    descriptionToText({
      schema: "gan-eval/run/1",
      name: "a-run",
      command: ["gan-eval", "train"],
      versions: {},
      config: { data: "drawn-recolour", ...config },
      data: { label: "drawn", shape: [...fields.a], fields },
      networks: {},
      rounds: 1000,
      seed: 0,
      status: "finished",
      started: "2024-01-01T00:00:00Z",
      updated: "2024-01-01T00:00:00Z",
      round: rounds.at(-1) ?? 0,
      events: [],
    }),
  );
  return scheme;
}
