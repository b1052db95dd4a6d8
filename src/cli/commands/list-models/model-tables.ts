/** The models and what they are put together from, as tables: `gan-eval list-models` and docs/models.md. */
import type { Cell, Table } from "../../../reports/table.ts";
import { AUXILIARIES, type Auxiliary } from "../../../train/auxiliaries.ts";
import type { DomainsWanted } from "../../../train/data/domains-wanted.ts";
import type { Critic } from "../../../train/gan-model.ts";
import { LOSSES, type Loss } from "../../../train/losses.ts";
import { PAIRS, type Pair } from "../../../train/networks/pairs.ts";
import { OPTIMIZERS, type Optimizer } from "../../../train/optimizers.ts";
import { PENALTIES, type Penalty } from "../../../train/penalties.ts";
import { PRESET_DEFAULTS, PRESETS, type Preset } from "../../../train/presets.ts";
import { SCHEDULES, type Schedule } from "../../../train/schedules.ts";
import { SCHEME_MODELS, type SchemeModel, SHARED_DEFAULTS } from "../../../train/schemes/models.ts";
import { lessonsToTable, modelToCommand, modelToFigures } from "./learnt.ts";

/** Columns by key and heading; a row's first cell is its name. */
function toTable<Row>(
  rows: Readonly<Record<string, Row>>,
  columns: Readonly<Record<string, readonly [title: string, of: (row: Row, name: string) => Cell]>>,
): Table {
  return {
    columns: Object.entries(columns).map(([key, [title]]) => ({ key, title })),
    rows: Object.entries(rows).map(([name, row]) =>
      Object.fromEntries(Object.entries(columns).map(([key, [, of]]) => [key, of(row, name)])),
    ),
  };
}

const nameColumn = (title: string) => [title, (_row: unknown, name: string): Cell => name] as const;
const label = ["what it is", (row: { readonly label: string }): Cell => row.label] as const;
const learning = ["learning test", (_row: unknown, name: string): Cell => modelToCommand(name)] as const;
const figures = ["its last figures", (_row: unknown, name: string): Cell => modelToFigures(name)] as const;
const source = ["source", (row: { readonly source: string }): Cell => row.source] as const;

const weighted = ({ name, weight }: { readonly name: string; readonly weight?: number }): string =>
  weight === undefined ? name : `${name} (${weight})`;

const criticToText = (critic: Critic): string =>
  critic.kind === "autoencoder" ? `judged by an autoencoder's ${critic.error} error` : "";

/** What a preset has besides loss and networks, where it is not as every preset has it. */
function presetToRest(preset: Preset): string[] {
  const { critic, auxiliaries = [], penalty, clip, spectralNorm, packing, codes, size } = preset;
  const { optimizer, rate, b1, momentum, batchSize, latent, discriminatorSteps, alternate } = preset;
  return [
    critic && criticToText(critic),
    penalty && `penalty ${weighted(penalty)}`,
    ...auxiliaries.map((auxiliary) => `auxiliary ${weighted(auxiliary)}`),
    clip && `weights clipped to ${clip}`,
    spectralNorm && `spectral norm (${spectralNorm})`,
    packing && `packing ${packing}`,
    preset.conditional && "conditional",
    codes && `codes: ${codes.categories.join(", ")} categorical and ${codes.continuous} continuous`,
    latent && `latent ${latent}`,
    preset.uniformLatent && "uniform latent",
    size && `${size} x ${size} images`,
    discriminatorSteps && `${discriminatorSteps} discriminator steps per round`,
    alternate && "players in turn",
    optimizer && optimizer,
    rate && `learning rate ${rate}`,
    b1 !== undefined && `b1 ${b1}`,
    momentum && `momentum ${momentum}`,
    batchSize && `batch ${batchSize}`,
  ].filter((text) => typeof text === "string" && text !== "") as string[];
}

/** `loss hinge, networks mlp, ...`: a preset in a line. */
export const presetToText = (preset: Preset): string =>
  [`loss ${preset.loss}`, `networks ${preset.net}`, ...presetToRest(preset)].join(", ");

const lossToRemarks = (loss: Loss): string[] => [
  ...(loss.generatorSeesReal ? ["the generator's loss also uses real samples"] : []),
  ...(loss.canSmooth ? ["supports --smoothing"] : []),
  ...(loss.isBalanced ? ["controlled by --gamma and --lambda-k"] : []),
];

const auxiliaryToRemarks = (auxiliary: Auxiliary): string[] => [
  ...(auxiliary.needsLabels ? ["needs class labels"] : []),
  ...(auxiliary.needsMark === "embedding" ? ["needs autoencoder networks"] : []),
];

/** What the data of a model are. */
const WANTED: Readonly<Record<DomainsWanted, string>> = {
  images: "images",
  pairs: "pairs of images",
  domains: "two sets of images",
  attributes: "images with attributes",
};

const pairsToText = (values: Readonly<Record<string, unknown>>, join: string): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}${join}${value}`)
    .join(", ");

/** `two sets of images of 256 x 256, terms adversarial 1, cycle 10, identity 5`: a model in a line. */
export const schemeToText = ({ wants, size, weights }: SchemeModel): string =>
  `${WANTED[wants]} of ${size} x ${size}, terms ${pairsToText(weights, " ")}`;

/** Each difference from PyTorch-GAN, with the presets that have it, the most common first. */
function differencesToTable(): Table {
  const presets = new Map<string, string[]>();
  for (const [name, { differs }] of [...Object.entries(PRESETS), ...Object.entries(SCHEME_MODELS)])
    for (const difference of differs) presets.set(difference, [...(presets.get(difference) ?? []), name]);
  const rows = [...presets].sort(([, a], [, b]) => b.length - a.length);
  return {
    columns: [
      { key: "models", title: "models" },
      { key: "differs", title: "here" },
    ],
    rows: rows.map(([differs, names]) => ({ models: names.join(", "), differs })),
  };
}

/** The tables by name, in the order of the page. */
export const MODEL_TABLES = {
  models: toTable<Preset>(PRESETS, {
    model: nameColumn("--model"),
    label,
    loss: ["loss", ({ loss }) => loss],
    networks: ["networks", ({ net }) => net],
    rest: ["other settings", (preset) => presetToRest(preset).join(", ")],
    learning,
    figures,
    source,
  }),
  schemes: toTable<SchemeModel>(SCHEME_MODELS, {
    model: nameColumn("--model"),
    label,
    data: ["data", ({ wants, size }) => `${WANTED[wants]} of ${size} x ${size}`],
    terms: ["terms and weights", ({ weights }) => pairsToText(weights, " ")],
    options: [
      "options of its own",
      ({ options, shared = {}, rate }) =>
        [
          pairsToText(shared, " "),
          rate === undefined ? "" : `learning rate ${rate}`,
          pairsToText(options, " "),
        ]
          .filter((text) => text !== "")
          .join(", "),
    ],
    learning,
    figures,
    source,
  }),
  losses: toTable<Loss>(LOSSES, {
    loss: nameColumn("--loss"),
    label,
    judges: [
      "discriminator output",
      ({ isProbability }) => (isProbability ? "a logit" : "a real-valued score"),
    ],
    remarks: ["remarks", (loss) => lossToRemarks(loss).join("; ")],
    source,
  }),
  penalties: toTable<Penalty>(PENALTIES, {
    penalty: nameColumn("--penalty"),
    label,
    weight: ["weight", ({ weight }) => weight],
    source,
  }),
  auxiliaries: toTable<Auxiliary>(AUXILIARIES, {
    auxiliary: nameColumn("--auxiliary"),
    label,
    weight: ["weight", ({ weight }) => weight],
    remarks: ["remarks", (auxiliary) => auxiliaryToRemarks(auxiliary).join("; ")],
    source,
  }),
  networks: toTable<Pair>(PAIRS, {
    networks: nameColumn("--net"),
    label,
    takes: ["for", ({ takes }) => takes],
    source,
  }),
  optimizers: toTable<Optimizer>(OPTIMIZERS, { optimizer: nameColumn("--optimizer"), label, source }),
  schedules: toTable<Schedule>(SCHEDULES, { schedule: nameColumn("--schedule"), label }),
  differences: differencesToTable(),
  learning: lessonsToTable(),
} as const satisfies Readonly<Record<string, Table>>;

/** Every model with all that it decides. */
export const modelsInFull = (): object[] => [
  ...Object.entries(PRESETS).map(([name, preset]) => ({ name, ...PRESET_DEFAULTS, ...preset })),
  ...Object.entries(SCHEME_MODELS).map(([name, row]) => ({ name, ...SHARED_DEFAULTS, ...row })),
];
