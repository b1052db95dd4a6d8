/** Models of one's own by what `--model` and `run.json` call them: the path of a module, or a name for an object. */
import { AsyncLocalStorage } from "node:async_hooks";
import { parse, relative, resolve, sep } from "node:path";
import { GanEvalError } from "../../errors.ts";
import type { SchemeModel } from "./models.ts";
import { checkOwnScheme, type OwnScheme, refuseScheme } from "./own-scheme.ts";

/** In the place of a model's name: the path of a module, or `scheme:NAME` for what a program gave as an object. */
export type OwnModel = `${string}.js` | `${string}.mjs` | `scheme:${string}`;

const OBJECT = "scheme:";
const isObjectModel = (model: string): boolean => model.startsWith(OBJECT);
const isModule = (model: string): boolean => /\.m?js$/.test(model) && !isObjectModel(model);

export const isOwnModel = (model: string | undefined): model is OwnModel =>
  model !== undefined && (isObjectModel(model) || isModule(model));

/** Endings of modules that are not read; told apart from a mistyped name. */
export const isUnreadModule = (model: string): boolean => /\.([cm]?tsx?|cjs|jsx)$/.test(model);

export const UNREAD_MODULE_HINT =
  "Modules are read as JavaScript: .js or .mjs. Compile TypeScript first, or give the object to train() of gan-eval/train.";

/** What `run.json` calls an object, which cannot be written down. */
export const schemeToModel = ({ name = "own" }: OwnScheme): OwnModel => `${OBJECT}${name}`;

/** What a run's folder is called by: a module's name without its folder and ending. */
export const modelToName = (model: string): string =>
  isObjectModel(model) ? model.slice(OBJECT.length) : isModule(model) ? parse(model).name : model;

/** Where a run's module lies, from the run's folder; undefined for what is no module. Forward slashes on every platform. */
export const moduleToPlace = (model: string, folder: string): string | undefined =>
  isModule(model) ? relative(resolve(folder), resolve(model)).split(sep).join("/") : undefined;

/** Which model, and where its description is found. */
export interface OwnModelChoice {
  /** As `--model` and `run.json` have it; models that are not one's own are left alone. */
  readonly model: string | undefined;
  /** What describes it, where that is given: the object of a program, or the path at which a module lies now. */
  readonly scheme?: OwnScheme | string | undefined;
  /** Of a run: its folder, and the place of its module from there. */
  readonly folder?: string;
  readonly modelFile?: string | undefined;
}

type OwnRow = SchemeModel & OwnScheme;

const opened = new AsyncLocalStorage<{ readonly model: string; readonly row: OwnRow }>();

function chooseObject(model: string, scheme: OwnScheme): OwnScheme {
  if (isObjectModel(model) && schemeToModel(scheme) !== model)
    refuseScheme(
      "the program",
      `the scheme named ${modelToName(model)}`,
      modelToName(schemeToModel(scheme)),
      {
        hint: "Give the run the scheme that it was begun with, under the same name.",
      },
    );
  return checkOwnScheme(scheme, "the program");
}

const needsObject = (model: string): never =>
  refuseScheme("the program", `the object of the scheme ${modelToName(model)}`, "none", {
    hint: "The run's model is an object of a program, which no file holds. Give it again: resume({ folder, model }), translate({ run, model }) of gan-eval. On the command line, --model PATH takes a module that describes the same.",
  });

async function choiceToScheme({ model, scheme, ...place }: OwnModelChoice): Promise<OwnScheme> {
  if (typeof scheme === "object") return chooseObject(model!, scheme);
  if (scheme === undefined && isObjectModel(model!)) return needsObject(model!);
  const { openSchemeModule } = await import("./scheme-module.ts");
  return scheme === undefined ? openSchemeModule(model!, place) : openSchemeModule(scheme, {});
}

/**
 * Does work for which the model is open; a model that is not one's own needs no opening.
 * @throws GanEvalError `input.scheme-module` for a module that is missing, throws, or exports something else, and for a run
 * whose model is an object that is not there; `usage.run-changed` for an object in the place of a model of ours
 */
export async function withOwnModel<T>(choice: OwnModelChoice, work: () => Promise<T>): Promise<T> {
  const { model, scheme } = choice;
  for (const named of [model, scheme])
    if (typeof named === "string" && isUnreadModule(named))
      refuseScheme(named, "a module", "one that is not read", { hint: UNREAD_MODULE_HINT });
  if (!isOwnModel(model)) {
    if (scheme === undefined) return work();
    throw new GanEvalError("usage.run-changed", `expected a run of a scheme, got one of ${model}`, {
      hint: "Leave `model` out: the run's model is one of ours.",
    });
  }
  const own = await choiceToScheme(choice);
  const row: OwnRow = { label: model, options: {}, differs: [], source: model, ...own };
  return opened.run({ model, row }, work);
}

/** The row of a model that `withOwnModel` opened. @throws GanEvalError `input.scheme-module` where it did not */
export function ownModelToRow(model: OwnModel): OwnRow {
  const open = opened.getStore();
  return open?.model === model ? open.row : refuseScheme(model, "a model that is open", "none");
}
