/** What `--data` names, opened for training. */
import { stat } from "node:fs/promises";
import { GanEvalError, type Warning } from "../errors.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import { wordToShell } from "../shell-word.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { isGeneratorLocation } from "./data/generator-source.ts";
import { imagesToOpenedData } from "./data/images.ts";
import type { OpenDataOptions, OpenedData } from "./data/opened-data.ts";
import { isPointsLocation, openPoints, POINTS_PREFIX } from "./data/points.ts";
import { EMBEDDED } from "./data/sources.ts";
import { stackedToOpenedData } from "./data/stacked.ts";
import { toyToOpenedData } from "./data/toy.ts";
import { TOY_DATA, type ToyName } from "./toy-data.ts";

export type { HeldOut, OpenDataOptions, OpenedData } from "./data/opened-data.ts";

const STACKED_DIGITS = "stacked-digits";
const STACKED_PREFIX = "stacked-mnist:";

const TOY_NAMES = Object.keys(TOY_DATA) as ToyName[];

/** Every name that stands for data by itself. A folder of such a name is `./NAME`. */
export const DATA_NAMES: readonly string[] = [EMBEDDED, STACKED_DIGITS, ...TOY_NAMES];

const isToy = (location: string): location is ToyName => Object.hasOwn(TOY_DATA, location);

/** Whether data are points, which have no size and no end. */
export const isOfPoints = (location: string): boolean => isToy(location) || isPointsLocation(location);

function openNamed(location: string, options: OpenDataOptions): Promise<OpenedData> | OpenedData {
  if (isToy(location)) return toyToOpenedData(location);
  if (isPointsLocation(location)) return openPoints(location, options.pointDeviation);
  if (location === STACKED_DIGITS) return stackedToOpenedData(location, EMBEDDED, options);
  if (location.startsWith(STACKED_PREFIX) && location !== STACKED_PREFIX)
    return stackedToOpenedData(location, location.slice(STACKED_PREFIX.length), options);
  return imagesToOpenedData(location, options);
}

/** A word that is neither a name nor a file; paths are left to whoever reads images. */
function unknownName(location: string): GanEvalError {
  if (location.replace(/:?$/, ":") === STACKED_PREFIX)
    return new GanEvalError("usage.data", `expected ${STACKED_PREFIX}LOCATION, got ${location}`, {
      hint: `Give the location of MNIST: ${STACKED_PREFIX}./mnist. ${STACKED_DIGITS} needs no files.`,
    });
  if (location.replace(/:?$/, ":") === POINTS_PREFIX)
    return new GanEvalError("usage.data", `expected ${POINTS_PREFIX}FILE, got ${location}`, {
      hint: `Give a file of points, CSV or npy: ${POINTS_PREFIX}./points.csv.`,
    });
  const suggestion = wordToSuggestion(location, DATA_NAMES);
  return new GanEvalError(
    "usage.data",
    `expected a file, a folder, or one of ${DATA_NAMES.join(", ")} as data, got ${location}`,
    { hint: suggestion ? `Did you mean ${suggestion}?` : "Check the path." },
  );
}

const exists = (location: string): Promise<boolean> =>
  stat(location).then(() => true, unlessForbidden(false));

/** Data of a name that a file has too: said, since the file is passed over. */
const passedOver = (location: string): Warning => ({
  code: "name-and-path",
  message: `${location} names built-in data: the file or folder of that name is ignored`,
  hint: `To use the file or folder, write ${wordToShell(`./${location}`)}`,
});

/**
 * Opens data to train on: `digits` (drawn, in the package), a toy distribution by name, the density of the points
 * in `points:FILE`, `stacked-digits` and `stacked-mnist:LOCATION` (three images as the channels of one), or images wherever `openImages` finds them.
 *
 * Images are held in memory as bytes, at most `memory` of them, 8 GiB; 4 GiB where Node allows no larger array.
 *
 * @throws GanEvalError `usage.data` for a word that is no name and no file, `usage.img-size`, `usage.channels`,
 *   `usage.limit`, `usage.held-out`; `input.mixed-sizes`, `input.picture-size`, `input.too-large`,
 *   `input.points`, and what opening and reading images throws
 */
export async function openData(location: string, options: OpenDataOptions): Promise<OpenedData> {
  if (options.generator !== undefined) return imagesToOpenedData(location, options);
  if (isGeneratorLocation(location))
    throw new GanEvalError("usage.data", `expected the images of ${location}, got none`, {
      hint: "They were made by a program: give resume() the same data as train().",
    });
  const isWord = /^[\w-]{2,}:?$/.test(location);
  const isName = DATA_NAMES.includes(location);
  const isPath = isWord && (await exists(location));
  if (isWord && !isName && !isPath) throw unknownName(location);
  const opened = await openNamed(location, options);
  return isName && isPath ? { ...opened, warnings: [...opened.warnings, passedOver(location)] } : opened;
}
