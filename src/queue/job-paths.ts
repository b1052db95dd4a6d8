/** Paths of a run's request: from the producer's folders to the shared one, and never out of it. */
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { EXTRACTOR_NAMES } from "../extractors/open-extractor.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import { DRAWN_NAMES } from "../train/data/domains/open-domains.ts";
import { POINTS_PREFIX } from "../train/data/points.ts";
import { DATA_NAMES } from "../train/open-data.ts";
import { PAIR_NAMES } from "../train/options/names.ts";
import { isOwnModel } from "../train/schemes/own-model.ts";
import type { ExtractRequest } from "./extract-request.ts";

/** Data that have a name and no place. */
const NAMED_DATA: ReadonlySet<string> = new Set([...DATA_NAMES, ...DRAWN_NAMES]);

/** What stands before a path in `--data`. */
const PREFIXES = [POINTS_PREFIX, "stacked-mnist:", "@"];

/** Files that make Python run what is in them. */
const PICKLES = /\.(pkl|pickle|pth?|ckpt)$/i;

type Move = (location: string, field: string) => string;

function moveData(location: string, field: string, move: Move): string {
  if (NAMED_DATA.has(location)) return location;
  const prefix = PREFIXES.find((each) => location.startsWith(each)) ?? "";
  const moved = move(location.slice(prefix.length), field);
  return NAMED_DATA.has(moved) ? `./${moved}` : prefix + moved;
}

const isModuleNet = (net: string): boolean => !(PAIR_NAMES as readonly string[]).includes(net);

/** Every field of a request that is a path, moved. */
function movePaths(request: RunRequest, move: Move): RunRequest {
  const { data, model, weights, cacheDir, folder } = request;
  const own = model?.model;
  return {
    ...request,
    folder: move(folder, "the run's folder"),
    ...(weights !== undefined && { weights: move(weights, "weights") }),
    ...(cacheDir !== undefined && { cacheDir: move(cacheDir, "cacheDir") }),
    ...(data !== undefined && {
      data: {
        ...data,
        ...(data.data !== undefined && { data: moveData(data.data, "data", move) }),
        ...(data.dataB !== undefined && { dataB: moveData(data.dataB, "dataB", move) }),
        ...(data.attributes !== undefined && { attributes: move(data.attributes, "attributes") }),
      },
    }),
    ...(model !== undefined && {
      model: {
        ...model,
        ...(isOwnModel(own) && { model: move(own, "model") as typeof own }),
        ...(model.net !== undefined && isModuleNet(model.net) && { net: move(model.net, "net") }),
      },
    }),
  };
}

/** Modules of the user's own that a request names: code, which a worker runs only where it was told so. */
export const requestToModules = ({ model }: RunRequest): string[] => [
  ...(isOwnModel(model?.model) ? [model.model] : []),
  ...(model?.net !== undefined && isModuleNet(model.net) ? [model.net] : []),
];

const isAddress = (location: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(location);

/** Whether a path stays where it is: no address, not absolute, and no way up. Both kinds of slashes count. */
export const isInside = (location: string): boolean => {
  const parts = path.posix.normalize(location.replaceAll("\\", "/")).split("/");
  return (
    !path.isAbsolute(location) &&
    !path.win32.isAbsolute(location) &&
    parts[0] !== ".." &&
    !location.includes("\0")
  );
};

/**
 * A request as it goes into the queue: paths from the shared folder on. A relative path of a program that runs in the shared
 * folder stays as it was written, so that `run.json` says what it would say on one machine.
 * @param root the shared folder, absolute
 * @throws GanEvalError `usage.queue-path`
 */
export function requestToShared(request: RunRequest, root: string, cwd: string): RunRequest {
  const move = moveToShared(root, cwd);
  // Each machine has a cache of its own where it is not shared: it decides nothing about the run.
  const { cacheDir, ...rest } = request;
  const isShared = cacheDir !== undefined && isInside(path.relative(root, path.resolve(cwd, cacheDir)));
  return movePaths(isShared ? request : rest, move);
}

/** Moves a path from where this program runs to the shared folder. */
const moveToShared =
  (root: string, cwd: string): Move =>
  (location, field) => {
    if (isAddress(location))
      throw outside(location, field, root, "Workers read files below their --root only.");
    if (!path.isAbsolute(location) && cwd === root && isInside(location)) return location;
    const shared = path.relative(root, path.resolve(cwd, location)).split(path.sep).join("/");
    if (!isInside(shared)) throw outside(location, field, root);
    return shared === "" ? "." : shared;
  };

const outside = (location: string, field: string, root: string, hint?: string): GanEvalError =>
  new GanEvalError("usage.queue-path", `expected ${field} below ${root}, got ${location}`, {
    hint:
      hint ??
      "Workers find it under the same path below their own --root: name the folder that all machines share with --root.",
  });

/** A path of a job, as it is. @throws GanEvalError `queue.bad-path` where it leaves the shared folder, or is a pickle */
const requireInside: Move = (location, field) => {
  if (isAddress(location) || !isInside(location))
    throw new GanEvalError(
      "queue.bad-path",
      `expected ${field} below the worker's folder, got ${JSON.stringify(location)}`,
      { hint: "Jobs name files below the worker's --root, by relative paths." },
    );
  if (PICKLES.test(location))
    throw new GanEvalError(
      "queue.bad-path",
      `expected ${field} in a format without code, got ${JSON.stringify(location)}`,
      {
        hint: "Pickled files are not read over a queue: convert it (gan-eval inception import, stats merge).",
      },
    );
  return location;
};

/**
 * Refuses a job whose paths leave the shared folder, and code. The worker's children run in that folder, so that its paths
 * hold as they are.
 * @throws GanEvalError `queue.bad-path`, `queue.modules`
 */
export function requireShared(request: RunRequest, places: readonly string[], allowModules: boolean): void {
  for (const place of places) requireInside(place, "the run's folder");
  movePaths(request, requireInside);
  const [module] = requestToModules(request);
  if (module !== undefined && !allowModules)
    throw new GanEvalError("queue.modules", `expected a model of gan-eval's own, got the module ${module}`, {
      hint: "A module is code. Start workers with --allow-modules where everybody who may write to the queue may run code on them.",
    });
}

/** `digits`, or the path of a network. */
const isNamedExtractor = (extractor: string): boolean => EXTRACTOR_NAMES.includes(extractor);

function moveExtraction(request: ExtractRequest, move: Move): ExtractRequest {
  const { images, extractor, weights, cacheDir, work } = request;
  const prefix = images.startsWith("@") ? "@" : "";
  return {
    ...request,
    images: prefix + move(images.slice(prefix.length), "images"),
    ...(!isNamedExtractor(extractor) && { extractor: move(extractor, "the network") }),
    ...(weights !== undefined && { weights: move(weights, "weights") }),
    ...(cacheDir !== undefined && { cacheDir: move(cacheDir, "the cache") }),
    ...(work !== undefined && { work: move(work, "the folder of leaves") }),
  };
}

/** The same of a job of extraction. @throws GanEvalError `usage.queue-path` */
export const extractionToShared = (request: ExtractRequest, root: string, cwd: string): ExtractRequest =>
  moveExtraction(request, moveToShared(root, cwd));

/** @throws GanEvalError `queue.bad-path` */
export function requireSharedExtraction(request: ExtractRequest, idFile: string): void {
  requireInside(idFile, "the file of its id");
  moveExtraction(request, requireInside);
}
