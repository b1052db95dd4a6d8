/** The options of training as the command line has them: the rows of the rooms, a few under other names. */

import { READING_ROWS } from "../../images/reading-options.ts";
import { LENGTH_ROWS, REQUEST_TABLE } from "../../run-folder/length-options.ts";
import { CONFIG_TABLES } from "../../run-folder/run-config.ts";
import { MEMORY } from "../../train/data/options.ts";
import { CONSTRAINT_ROWS } from "../../train/options/constraints.ts";
import { MODEL_ROWS } from "../../train/options/model.ts";
import { PARTICULAR_ROWS } from "../../train/options/particulars.ts";
import { SCHEME_ROWS } from "../../train/options/schemes.ts";
import { TRAINING_ROWS } from "../../train/options/training.ts";
import { renamed } from "./renamed.ts";

/** Options that measurement has under the same name and with another meaning: the flag is the same, the name is not. */
const RENAMED = { batchSize: "trainBatchSize", extractor: "evalExtractor" } as const;

/** A config's key to the name of its option on the command line. */
export const keyToOption = (key: string): string =>
  Object.hasOwn(RENAMED, key) ? RENAMED[key as keyof typeof RENAMED] : key;

const {
  split: _split,
  limit: _limit,
  onError: _onError,
  imageKey: _imageKey,
  ...TRAINING_DATA
} = CONFIG_TABLES.data;
/** The seed of measurements is the same row. */
const { seed: _, ...RECORDING } = CONFIG_TABLES.recording;

/** Measurement reads images by the same options, and knows no null: left out is undefined. */
export const TRAINING_DATA_OPTIONS = {
  ...TRAINING_DATA,
  crop: REQUEST_TABLE.crop,
  ...READING_ROWS,
  memory: MEMORY,
} as const;
/** The weight stands behind the penalties. */
const { model, net, loss, penalty, ...PARTS } = MODEL_ROWS;
export const MODEL_OPTIONS = {
  ...{ model, net, loss, penalty, penaltyWeight: REQUEST_TABLE.penaltyWeight },
  ...PARTS,
  ...CONSTRAINT_ROWS,
  ...PARTICULAR_ROWS,
  ...SCHEME_ROWS,
} as const;
const { lr, lrGenerator, lrDiscriminator } = REQUEST_TABLE;
export const TRAINING_OPTIONS = {
  ...LENGTH_ROWS,
  ...{ lr, lrGenerator, lrDiscriminator },
  ...renamed(TRAINING_ROWS, RENAMED),
} as const;
export const RECORDING_OPTIONS = renamed(RECORDING, RENAMED);
