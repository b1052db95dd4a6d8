/** The module of a model of one's own: where it is looked for, and what it exports. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { locationToShell } from "../../shell-word.ts";
import { checkOwnScheme, type OwnScheme, refuseScheme } from "./own-scheme.ts";
import { optionsToPlayer } from "./scheme-request.ts";

/** What a module is handed where it exports a function: what gan-eval/engine and gan-eval/train export for it. */
async function openToolkit() {
  const [tf, { layersToNetwork }, terms] = await Promise.all([
    import("../../engine/tfjs.ts"),
    import("../networks/network.ts"),
    import("./terms.ts"),
  ]);
  return { tf, network: layersToNetwork, player: optionsToPlayer, terms };
}

interface Place {
  readonly folder?: string;
  readonly modelFile?: string | undefined;
}

/** From the run's folder first: a path that was relative is one from the folder in which the run was begun. */
function findModule(model: string, { folder, modelFile }: Place): string {
  const beside = folder !== undefined && modelFile !== undefined ? [resolve(folder, modelFile)] : [];
  const places = [...new Set([...beside, resolve(model)])];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  return refuseScheme(model, "a module", `no such file (looked for ${places.join(" and ")})`, {
    hint:
      folder === undefined
        ? "Give the path of a .js or .mjs file."
        : `Put it back at one of these places, or say where it is now with --model PATH: gan-eval train --resume ${locationToShell(folder)} --model PATH.`,
  });
}

/** Node's own words for a package that a module imports and that is not installed beside it. */
const isWithoutPackage = (cause: unknown): boolean =>
  (cause as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" &&
  /package 'gan-eval[/']/.test((cause as Error).message);

async function importModule(model: string, file: string): Promise<unknown> {
  try {
    const { default: exported } = await import(/* @vite-ignore */ pathToFileURL(file).href);
    return typeof exported === "function" ? await exported(await openToolkit()) : exported;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return refuseScheme(model, "a module that can be loaded", message, {
      cause,
      ...(isWithoutPackage(cause) && {
        hint: "Install gan-eval in the module's own project, or export a function of { tf, network, player, terms }, which needs no import.",
      }),
    });
  }
}

/** @throws GanEvalError `input.scheme-module` for a file that is missing, throws, or exports something else */
export async function openSchemeModule(model: string, place: Place): Promise<OwnScheme> {
  return checkOwnScheme(await importModule(model, findModule(model, place)), model);
}
