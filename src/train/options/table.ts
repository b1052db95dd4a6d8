/** Every option of a model: one row an option, for the command line, the library, `run.json` and docs alike. */
import type { OptionKind } from "../../options/kinds.ts";
import type { GivenOptions, OptionsOf } from "../../options/table.ts";
import type { Critic, NetworkRole } from "../gan-model.ts";
import { CONSTRAINT_ROWS } from "./constraints.ts";
import { MODEL_ROWS } from "./model.ts";
import { PARTICULAR_ROWS } from "./particulars.ts";
import { SCHEME_ROWS } from "./schemes.ts";
import { TRAINING_ROWS } from "./training.ts";

/** By the keys of `run.json`; a row without a default has the model's own. */
export const MODEL_TABLE = {
  ...MODEL_ROWS,
  ...CONSTRAINT_ROWS,
  ...PARTICULAR_ROWS,
  ...SCHEME_ROWS,
  ...TRAINING_ROWS,
} as const;
type ModelTable = typeof MODEL_TABLE;
type Given = OptionsOf<Omit<ModelTable, keyof typeof SCHEME_ROWS>>;

/** What a model has besides its options: no flag of its own gives it. */
interface Derived {
  readonly critic: Critic;
  /** Learning rates: from `lr`, `lrGenerator`, `lrDiscriminator`, else the preset's. */
  readonly rates: Readonly<Record<NetworkRole, number>>;
}

/** Every choice about a model; plain JSON, and what a run's config holds. */
export type ModelOptions = {
  readonly [Name in keyof Given]: Exclude<Given[Name], undefined>;
} & Derived & { readonly [Name in keyof typeof SCHEME_ROWS]?: OptionsOf<typeof SCHEME_ROWS>[Name] };

/** Choices that a user made; the rest is the preset's. */
export type ModelChoices = GivenOptions<ModelTable> & { readonly [Name in keyof Derived]?: Derived[Name] };

type Settled = { [Name in keyof Given]: undefined extends Given[Name] ? never : Name }[keyof Given];

/** Options whose default is the same for every model. */
export const SETTLED_OPTIONS = Object.fromEntries(
  Object.entries(MODEL_TABLE).flatMap(([name, row]) =>
    row.default === undefined || Object.hasOwn(SCHEME_ROWS, name) ? [] : [[name, row.default]],
  ),
) as Pick<ModelOptions, Settled>;

/** What every preset decides, or inherits from PRESET_DEFAULTS. */
export type PresetOptions = Omit<ModelOptions, Settled | keyof typeof SCHEME_ROWS>;

/** How `run.json` is checked where there is no option to do it. */
export const DERIVED_KINDS: { readonly [Name in keyof Derived]: OptionKind<Derived[Name]> } = {
  critic: {
    expects: 'an object such as {"kind": "logit"} or {"kind": "autoencoder", "error": "absolute"}',
    schema: ({ z }) =>
      z.union([
        z.object({ kind: z.literal("logit") }),
        z.object({ kind: z.literal("autoencoder"), error: z.enum(["absolute", "squared"]) }),
      ]),
  },
  rates: {
    expects: 'learning rates of at least 0, such as {"generator": 0.0002, "discriminator": 0.0002}',
    schema: ({ z }) => z.object({ generator: z.number().min(0), discriminator: z.number().min(0) }),
  },
};
