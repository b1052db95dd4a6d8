/** The name of a sweep's run, made of the options that the sweep gives it. */
import { createHash } from "node:crypto";
import { isOwnModel, modelToName } from "../train/schemes/own-model.ts";

const LONGEST = 100;

/** What every file system and shell takes as it is; no name begins with a point or a dash. */
function textToWord(text: string): string {
  const word = text.replace(/[^A-Za-z0-9.+,-]+/g, "-").replace(/^[-.]+/, "");
  return word === text && word.length <= LONGEST ? word : `${word.slice(0, LONGEST / 2)}~${hashOf(text)}`;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** A module is called by its name, and told from others of that name. */
const modelToWord = (model: string): string =>
  isOwnModel(model) ? `${textToWord(modelToName(model))}~${hashOf(model)}` : textToWord(model);

/**
 * `gan_lr=1e-4_b1=0.5_seed=1`: the folder of a run, from what the sweep gives it, so that a wider sweep calls the same run
 * the same. Values that no folder can be called are shortened, with a piece of their hash.
 */
export function optionsToRunName(options: Readonly<Record<string, string>>, seed: number): string {
  const words = Object.entries(options).map(([name, value]) =>
    name === "model" ? modelToWord(value) : `${textToWord(name)}=${textToWord(value)}`,
  );
  const name = [...words, `seed=${seed}`].join("_");
  return name.length <= 2 * LONGEST ? name : `${name.slice(0, LONGEST)}~${hashOf(name)}_seed=${seed}`;
}
