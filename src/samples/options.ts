/** What is made with the generator of a run. */
import { fileOf, integer, type OptionKind, oneOf, optional, text, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";

const INTERPOLATIONS = ["spherical", "linear"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

const EXPORT_FORMATS = ["onnx", "tfjs"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Attributes by name: `Black_Hair=1,Male=0`, or a JSON object. */
const ATTRIBUTES: OptionKind<Readonly<Record<string, number>>> = {
  expects: "attributes such as Black_Hair=1,Male=0, each from 0 to 1",
  schema: ({ z }) =>
    z
      .union([
        z.record(z.string(), z.number()),
        z
          .string()
          .regex(/^[^=,]+=\d*\.?\d+(,[^=,]+=\d*\.?\d+)*$/)
          .transform((given) =>
            Object.fromEntries(
              given.split(",").map((pair) => {
                const [name, value] = pair.split("=");
                return [name.trim(), Number(value)];
              }),
            ),
          ),
      ])
      .pipe(z.record(z.string(), z.number().min(0).max(1))),
  toText: (attributes) =>
    Object.entries(attributes)
      .map(([name, value]) => `${name}=${value}`)
      .join(","),
};

/** Height and width: `256`, or `128x192` as width x height. */
const SIZE: OptionKind<readonly [height: number, width: number]> = {
  expects: "a size in pixels such as 256, or 320x240 for width and height",
  schema: ({ z }) =>
    z
      .union([
        z.number().transform((side): [number, number] => [side, side]),
        z
          .string()
          .regex(/^\d+(x\d+)?$/)
          .transform((given): [number, number] => {
            const [width, height = width] = given.split("x").map(Number);
            return [height, width];
          }),
      ])
      .pipe(z.tuple([z.int().min(4).max(4096), z.int().min(4).max(4096)])),
  toText: ([height, width]) => (height === width ? String(height) : `${width}x${height}`),
};

export const SAMPLE_ROWS = {
  run: option({
    group: "Samples",
    kind: optional(text("the folder of a run")),
    value: "DIR",
    default: undefined,
    summary: "run whose networks are used",
  }),
  checkpoint: option({
    group: "Samples",
    kind: optional(text("latest, best or a round")),
    value: "WHICH",
    default: undefined,
    defaultText: "best, if the run was scored, else latest",
    summary: "checkpoint: latest, best, or a round number",
  }),
  n: option({
    group: "Samples",
    kind: integer(1),
    value: "N",
    default: 10000,
    summary: "number of samples",
  }),
  classes: option({
    group: "Samples",
    kind: optional(text("class names or numbers separated by commas, or balanced")),
    value: "LIST",
    default: undefined,
    defaultText: "drawn, each as likely as any other",
    summary: "classes to generate, for a conditional generator: names, numbers, or balanced",
  }),
  steps: option({
    group: "Samples",
    kind: integer(2, 1000),
    value: "N",
    default: 8,
    summary: "images per path",
  }),
  paths: option({
    group: "Samples",
    kind: integer(1, 1000),
    value: "N",
    default: 8,
    summary: "paths, one per row",
  }),
  interpolation: option({
    group: "Samples",
    kind: optional(oneOf(INTERPOLATIONS)),
    value: "HOW",
    default: undefined,
    defaultText: "spherical; linear for uniform latents",
    summary: "interpolate along an arc, where normal latents lie, or along a line",
  }),
} as const;

/** What is made of images. */
export const TRANSLATION_ROWS = {
  maker: option({
    group: "Samples",
    kind: optional(text("the name of what a run makes")),
    value: "NAME",
    default: undefined,
    defaultText: "the run's first",
    summary: "what is made of the images, such as a-to-b or b-to-a",
  }),
  runModule: option({
    group: "Samples",
    kind: optional(text("the path of a module (.js, .mjs)")),
    value: "PATH",
    flag: "model",
    default: undefined,
    defaultText: "where it was",
    summary: "where the module of your own model lies now (docs/schemes.md)",
  }),
  in: option({
    group: "Data",
    kind: optional(text("images")),
    value: "IMAGES",
    default: undefined,
    summary: "images to translate: a folder, one image, a zip, tar, npz, IDX or CIFAR file, or @list.txt",
  }),
  variants: option({
    group: "Samples",
    kind: integer(1, 1000),
    value: "N",
    aliases: ["columns"],
    default: 1,
    summary: "images made of each, with other codes: NAME_1.png, NAME_2.png, ...",
  }),
  set: option({
    group: "Samples",
    kind: optional(ATTRIBUTES),
    value: "LIST",
    default: undefined,
    summary: "attributes that the images are to have: Black_Hair=1,Male=0; those left out are 0",
  }),
  translatedSize: option({
    group: "Samples",
    kind: optional(SIZE),
    value: "SIZE",
    flag: "img-size",
    default: undefined,
    defaultText: "that of the run's data",
    summary: "size that the images are brought to, where the networks take others: 512, or 640x480",
  }),
  translationsOut: option({
    group: "Output",
    kind: optional(text("a folder name")),
    value: "DIR",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "folder of the images that are made, under the names of the given ones, as .png",
  }),
  translationsPage: option({
    group: "Output",
    kind: optional(fileOf(".html", ".htm")),
    value: "FILE",
    flag: "page",
    default: undefined,
    defaultText: "none",
    summary: "also write a page that shows each image beside what was made of it",
  }),
} as const;

/** Where samples, paths and exported networks go. */
export const OUTPUT_ROWS = {
  imagesOut: option({
    group: "Output",
    kind: optional(text("a folder or file name")),
    value: "PATH",
    short: "o",
    flag: "out",
    formerly: "picturesOut",
    default: undefined,
    summary: "output: a folder of PNG files, or .zip, .npz or -ubyte (IDX) by extension",
  }),
  pathsOut: option({
    group: "Output",
    kind: optional(text("a file name")),
    value: "FILE",
    short: "o",
    flag: "out",
    default: undefined,
    summary: "the grid to write: .png, or .csv for points",
  }),
  overwrite: option({
    group: "Output",
    kind: toggle(),
    default: false,
    summary: "overwrite existing output",
  }),
  to: option({
    group: "Output",
    kind: optional(oneOf(EXPORT_FORMATS)),
    value: "FORMAT",
    default: undefined,
    summary: "onnx: one file for any ONNX runtime; tfjs: a graph model for tensorflow.js",
  }),
  exportOut: option({
    group: "Output",
    kind: optional(text("a file or folder name")),
    value: "PATH",
    short: "o",
    flag: "out",
    default: undefined,
    summary: ".onnx file, or folder for the tfjs model",
  }),
} as const;
