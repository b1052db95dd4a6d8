/** What a maker is given besides images: codes that are drawn, holes, and the attributes that are asked for. */
import { GanEvalError } from "../errors.ts";
import { pixelsToSamples } from "../images/decode/pixels-to-samples.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { imageToLow } from "../train/data/domains/low-resolution.ts";
import { openRandomStream } from "../train/random.ts";
import { drawInput, type InputKind, repeatExample, type SchemeInput } from "../train/scheme/inputs.ts";
import { type Maker, makerToImageFields, type Scheme } from "../train/scheme/scheme.ts";
import type { TrainedMaker } from "./open-maker.ts";

/** Attributes by name, 1 where an image has them. */
export type WantedAttributes = Readonly<Record<string, number>>;

/** How one input of a maker is made: of the image, of the attributes asked for, drawn, or as it is. */
export type FeedKind = "image" | "low" | "attributes" | "drawn" | "hole";

const DRAWN: readonly InputKind[] = ["latent", "normal", "uniform", "classes"];

const isAttributes = ({ attributes }: TrainedMaker, input: SchemeInput): boolean =>
  attributes !== undefined &&
  ("shape" in input
    ? `${input.shape}` === `${[attributes.length]}` &&
      (input.kind !== "field" || input.field === "attributes")
    : false);

/** @throws GanEvalError `usage.maker` for an input that images from outside cannot give */
function inputToKind(trained: TrainedMaker, name: string, images: readonly string[]): FeedKind {
  const input = trained.scheme.inputs[name];
  if (isAttributes(trained, input)) return "attributes";
  if (input.kind === "hole") return "hole";
  if (DRAWN.includes(input.kind)) return "drawn";
  if (input.kind === "field" && input.field === images[0]) return "image";
  if (input.kind === "field" && input.field === "low" && images[0] === "a") return "low";
  const { name: maker } = trained.maker;
  throw new GanEvalError(
    "usage.maker",
    `expected a maker that needs one image at a time, got ${maker}, which also reads ${name}`,
    { hint: `Choose another --maker. ${maker} works on the run's own data: see its previews and scores.` },
  );
}

/** Those that are translated first: a low-resolution copy of one that is read too is made of it. */
function makerToImages(scheme: Scheme, maker: Maker): string[] {
  const fields = makerToImageFields(scheme, maker);
  return fields.includes("a") ? ["a", ...fields.filter((field) => field !== "a")] : fields;
}

/** What each input of a maker is made of. @throws GanEvalError `usage.maker` */
export function makerToFeeds(trained: TrainedMaker): {
  /** The field of the images that are translated. */
  readonly field: string;
  readonly kinds: Readonly<Record<string, FeedKind>>;
} {
  const images = makerToImages(trained.scheme, trained.maker);
  if (images.length === 0)
    throw new GanEvalError(
      "usage.maker",
      `expected a maker that reads images, got ${trained.maker.name}, which reads ${trained.maker.inputs.join(", ")}`,
      { hint: "Choose another --maker." },
    );
  const kinds = trained.maker.inputs.map((name) => [name, inputToKind(trained, name, images)] as const);
  return { field: images[0], kinds: Object.fromEntries(kinds) };
}

/**
 * The columns of `attributes` as they are asked for; those that are not named are 0.
 * @throws GanEvalError `usage.attributes` for a name that the run does not know, or where a maker needs some and none are given
 */
export function attributesToRow(
  { attributes = [], maker }: TrainedMaker,
  wanted: WantedAttributes | undefined,
  isRead: boolean,
): Float32Array | undefined {
  const list = attributes.join(", ");
  if (!isRead) {
    if (wanted === undefined) return undefined;
    throw new GanEvalError("usage.attributes", `expected no attributes for ${maker.name}, got --set`, {
      hint: "It reads none.",
    });
  }
  if (wanted === undefined)
    throw new GanEvalError(
      "usage.attributes",
      `expected the attributes asked for, got none for ${maker.name}`,
      {
        hint: `Write --set ${attributes[0]}=1; those left out are 0. The run's attributes are ${list}.`,
      },
    );
  for (const name of Object.keys(wanted))
    if (!attributes.includes(name)) {
      const near = wordToSuggestion(name, attributes);
      throw new GanEvalError("usage.attributes", `expected attributes among ${list}, got ${name}`, {
        ...(near && { hint: `Did you mean ${near}?` }),
      });
    }
  return Float32Array.from(attributes, (name) => wanted[name] ?? 0);
}

/** One row of an input that no image decides: the same for every image, another for each variant. */
function drawRow(input: SchemeInput, name: string, seed: number, variant: number): Float32Array {
  const random = openRandomStream(seed, `translate ${variant} ${name}`);
  const fixed = input.kind === "hole" ? { ...input, place: "middle" as const } : input;
  return drawInput(name, fixed, 1, random);
}

/**
 * What a maker's inputs are for images `[n, ...shape of the field]`, variant by variant. Codes are drawn of `seed`, once a
 * variant: an image's translation depends neither on the others nor on the batch.
 */
export function makerToInputsOf(
  trained: TrainedMaker,
  { kinds, field }: ReturnType<typeof makerToFeeds>,
  attributes: Float32Array | undefined,
  seed: number,
): (images: Uint8Array, n: number, variant: number) => Record<string, Float32Array> {
  const { scheme, fields } = trained;
  const [height, width, channels] = fields[field];
  const stride = height * width * channels;
  const make: Record<
    FeedKind,
    (name: string, images: Uint8Array, n: number, variant: number) => Float32Array
  > = {
    image: (_name, images) => pixelsToSamples(images),
    low: (_name, images, n) => {
      const [h, w] = fields.low;
      const copies = Array.from({ length: n }, (_, i) =>
        pixelsToSamples(
          imageToLow(images.subarray(i * stride, (i + 1) * stride), [height, width], channels, [h, w]),
        ),
      );
      const out = new Float32Array(n * h * w * channels);
      for (const [i, copy] of copies.entries()) out.set(copy, i * copy.length);
      return out;
    },
    attributes: (_name, _images, n) => repeatExample(attributes!, n),
    drawn: (name, _images, n, variant) => repeatExample(drawRow(scheme.inputs[name], name, seed, variant), n),
    hole: (name, _images, n) => repeatExample(drawRow(scheme.inputs[name], name, seed, 0), n),
  };
  return (images, n, variant) =>
    Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [name, make[kind](name, images, n, variant)]),
    );
}
