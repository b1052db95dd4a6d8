/** Models of one's own: a module that describes a model as the rows of `SCHEME_MODELS` do, and builds its scheme. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { GanEvalError } from "../../errors.ts";
import type { Scheme } from "../scheme/scheme.ts";
import type { SchemeModel } from "./models.ts";
import type { SchemeRequest } from "./scheme-request.ts";

/** What a module gives: a row like those of the models that there are, and what builds the scheme. */
export type OwnScheme = Pick<SchemeModel, "wants" | "size" | "weights"> &
  Partial<SchemeModel> & { readonly build: (request: SchemeRequest) => Scheme | Promise<Scheme> };

/** The path of a module, in the place of a model's name. */
export type OwnModel = `${string}.js` | `${string}.mjs`;
export const isOwnModel = (model: string | undefined): model is OwnModel =>
  model !== undefined && /\.m?js$/.test(model);

const HINT =
  "Export as default { wants, size, weights, build(request) }, or a function of { tf, network, terms } that returns it (docs/schemes.md).";

function refuse(location: string, expected: string, got: string, cause?: unknown): never {
  throw new GanEvalError("input.scheme-module", `expected ${expected} from ${location}, got ${got}`, {
    hint: HINT,
    cause,
  });
}

const toMessage = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** What every scheme has. */
const PARTS = [
  ...(["networks", "players", "inputs", "passes"] as const),
  ...(["terms", "plan", "discriminators", "makers"] as const),
] as const;

const opened = new Map<string, SchemeModel & OwnScheme>();

/** What a module is handed where it exports a function: the tensors, networks and terms that it is made of. */
async function openToolkit() {
  const [tf, { layersToNetwork }, terms] = await Promise.all([
    import("../../engine/tfjs.ts"),
    import("../networks/network.ts"),
    import("./terms.ts"),
  ]);
  return { tf, network: layersToNetwork, terms };
}

const WANTED = ["images", "pairs", "domains", "attributes"];

function checkRow(location: string, row: Partial<OwnScheme> | undefined): OwnScheme {
  if (typeof row !== "object" || row === null)
    return refuse(location, "an object as default export", `${row}`);
  const { wants, size, weights, build } = row;
  if (!WANTED.includes(String(wants)))
    return refuse(location, `wants among ${WANTED.join(", ")}`, `${wants}`);
  if (!Number.isInteger(size) || Number(size) < 1) return refuse(location, "a size in pixels", `${size}`);
  if (typeof weights !== "object" || weights === null)
    return refuse(location, "weights of terms by name", `${weights}`);
  if (typeof build !== "function") return refuse(location, "a function build(request)", `${build}`);
  return row as OwnScheme;
}

/**
 * Loads the module of a model, if it is one; a module is loaded once.
 * @throws GanEvalError `input.scheme-module` for a file that is missing, throws, or exports something else
 */
export async function openOwnModel(model: string | undefined): Promise<void> {
  if (!isOwnModel(model) || opened.has(model)) return;
  const file = resolve(model);
  if (!existsSync(file)) refuse(model, "a module", "no such file");
  let given: unknown;
  try {
    const { default: exported } = await import(/* @vite-ignore */ pathToFileURL(file).href);
    given = typeof exported === "function" ? await exported(await openToolkit()) : exported;
  } catch (cause) {
    refuse(model, "a module that can be loaded", toMessage(cause), cause);
  }
  const row = checkRow(model, given as Partial<OwnScheme> | undefined);
  opened.set(model, { label: model, options: {}, differs: [], source: model, ...row });
}

/** The row of a module that was loaded. @throws GanEvalError `input.scheme-module` where it was not */
export const ownModelToRow = (model: OwnModel): SchemeModel & OwnScheme =>
  opened.get(model) ?? refuse(model, "a module that was loaded", "none");

/** @throws GanEvalError `input.scheme-module` for a build that throws something else than an error of ours */
export async function buildOwnScheme(model: OwnModel, request: SchemeRequest): Promise<Scheme> {
  let scheme: Scheme;
  try {
    scheme = await ownModelToRow(model).build(request);
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    return refuse(model, "a scheme of build(request)", `the error ${toMessage(cause)}`, cause);
  }
  const missing = PARTS.find((part) => typeof scheme?.[part] !== "object");
  if (missing === undefined) return scheme;
  return refuse(model, "a scheme of build(request)", `one without ${missing}`);
}
