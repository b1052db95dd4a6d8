/** Drawn domains as training data: fresh samples without an end, held-out ones of another stream and other digits. */
import { createHash } from "node:crypto";
import { GanEvalError } from "../../../errors.ts";
import { pixelsToSamples } from "../../../images/decode/pixels-to-samples.ts";
import type { Shape } from "../../networks/shapes.ts";
import { openRandomStream, type RandomStream } from "../../random.ts";
import type { ImageArrays } from "../../training-data.ts";
import { loadImages } from "../images.ts";
import { HELD_OUT_SEED } from "../opened-data.ts";
import { EMBEDDED } from "../sources.ts";
import { DRAWN_DOMAINS, type DrawnDomain, type DrawnName, type DrawnSamples } from "./drawn-domains.ts";
import { imageToLow, sizeToLow } from "./low-resolution.ts";
import type { DomainRequest, Fields, HeldOutFields, OpenedDomains, SchemeData } from "./scheme-data.ts";

/** Held-out samples of each. */
const HELD_OUT = 1_000;
const CLASS_NAMES = Array.from({ length: 10 }, (_, digit) => `${digit}`);

interface Digits {
  readonly train: ImageArrays;
  readonly heldOut: ImageArrays;
}

/** What is drawn from no digits gets none. */
const NO_DIGITS: ImageArrays = { pixels: new Uint8Array(0), shape: [1, 1, 1] };

/** By side; they are small, and resizing them takes a second. */
const loaded = new Map<number, Promise<Digits>>();

async function readDigits(size: number): Promise<Digits> {
  const { train, heldOut } = await loadImages(EMBEDDED, {
    ...{ size, channels: 1, labels: "read", onError: "fail" },
  });
  return { train, heldOut: heldOut! };
}

function loadDigits(side: number | undefined): Promise<Digits> | Digits {
  if (side === undefined) return { train: NO_DIGITS, heldOut: NO_DIGITS };
  const reading = loaded.get(side) ?? readDigits(side);
  loaded.set(side, reading);
  return reading;
}

/** Which data have what a model wants, for hints. */
const namesOf = (has: (row: DrawnDomain) => boolean): string =>
  (Object.entries(DRAWN_DOMAINS) as [DrawnName, DrawnDomain][])
    .filter(([, row]) => has(row))
    .map(([name]) => name)
    .join(", ");

function requireFits(name: DrawnName, row: DrawnDomain, { wants, labels, dataB }: DomainRequest): void {
  const refuse = (expected: string, has: (row: DrawnDomain) => boolean): GanEvalError =>
    new GanEvalError(
      "usage.data",
      `expected data with ${expected} for this model, got ${name}: ${row.label}`,
      {
        hint: `Drawn data that have it: ${namesOf(has)}.`,
      },
    );
  if (dataB !== undefined)
    throw new GanEvalError("usage.data-option", `expected ${name} alone, got ${dataB} as second domain too`, {
      hint: "Drawn data have both domains. Leave --data-b out.",
    });
  const hasTwo = ({ hasB }: DrawnDomain): boolean => hasB;
  if ((wants === "pairs" || wants === "domains") && !hasTwo(row)) throw refuse("two domains", hasTwo);
  const hasAttributes = ({ attributes }: DrawnDomain): boolean => attributes !== undefined;
  if (wants === "attributes" && !hasAttributes(row)) throw refuse("attributes", hasAttributes);
  const hasClasses = ({ classes }: DrawnDomain): boolean => classes !== undefined;
  if (labels === "read" && !hasClasses(row)) throw refuse("classes", hasClasses);
}

const toOneHot = (labels: Int32Array, classes: number): Float32Array =>
  Float32Array.from({ length: labels.length * classes }, (_, i) =>
    labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
  );

function toLow(
  a: Uint8Array,
  { shape: [height, width, channels] }: DrawnDomain,
  scale: number,
): Float32Array {
  const stride = height * width * channels;
  const low = sizeToLow([height, width], scale);
  const out = new Float32Array((a.length / stride) * low[0] * low[1] * channels);
  for (let i = 0; i * stride < a.length; i++) {
    const image = a.subarray(i * stride, (i + 1) * stride);
    const small = imageToLow(image, [height, width], channels, low);
    out.set(pixelsToSamples(small), i * small.length);
  }
  return out;
}

interface DrawnRequest extends DomainRequest {
  readonly row: DrawnDomain;
  /** Columns of the attributes, as selected. */
  readonly columns: readonly number[];
  readonly lowScale: number | undefined;
}

/** What was drawn as the fields that the model wants. */
function samplesToFields(
  first: DrawnSamples,
  second: DrawnSamples,
  { wants, row, labels, direction, columns, lowScale }: DrawnRequest,
): Fields {
  const hasTwo = wants === "pairs" || wants === "domains";
  const [a, b] = hasTwo && direction === "b-to-a" ? [first.b!, second.a] : [first.a, second.b];
  const width = row.attributes?.length ?? 0;
  return {
    a: pixelsToSamples(a),
    ...(hasTwo && { b: pixelsToSamples(b!) }),
    ...(lowScale !== undefined && { low: toLow(a, row, lowScale) }),
    ...(wants === "attributes" && {
      attributes: Float32Array.from(
        { length: (first.attributes!.length / width) * columns.length },
        (_, i) => first.attributes![Math.floor(i / columns.length) * width + columns[i % columns.length]],
      ),
    }),
    ...(labels === "read" && { labels: toOneHot(first.labels!, row.classes!) }),
  };
}

function requestToShapes({ wants, row, labels, columns, lowScale }: DrawnRequest): Record<string, Shape> {
  const { shape } = row;
  return {
    a: shape,
    ...((wants === "pairs" || wants === "domains") && { b: shape }),
    ...(lowScale !== undefined && { low: [...sizeToLow([shape[0], shape[1]], lowScale), shape[2]] }),
    ...(wants === "attributes" && { attributes: [columns.length] }),
    ...(labels === "read" && { labels: [row.classes!] }),
  };
}

function drawHeldOut(request: DrawnRequest, digits: ImageArrays): HeldOutFields {
  const shapes = requestToShapes(request);
  let drawn: Fields | undefined;
  const all = (): Fields => {
    if (drawn) return drawn;
    const samples = request.row.draw(HELD_OUT, openRandomStream(HELD_OUT_SEED, "evaluation"), digits);
    drawn = samplesToFields(samples, samples, request);
    return drawn;
  };
  const rows = (field: string, from: number, to: number): Float32Array => {
    const stride = shapes[field].reduce((size, side) => size * side, 1);
    return all()[field].slice(Math.max(0, from) * stride, Math.max(0, Math.min(to, HELD_OUT)) * stride);
  };
  const images = ["a", "b"].filter((field) => shapes[field] !== undefined);
  return {
    count: HELD_OUT,
    paired: true,
    counts: Object.fromEntries(images.map((field) => [field, HELD_OUT])),
    names: Object.fromEntries(images.map((field) => [field, []])),
    fields: (from, to) =>
      Object.fromEntries(Object.keys(shapes).map((field) => [field, rows(field, from, to)])),
    images: rows,
  };
}

/** Of independent domains `b` is of other samples than `a`. */
function drawTraining(request: DrawnRequest, digits: Digits, random: RandomStream): SchemeData {
  const { row, columns } = request;
  const attributes = row.attributes && columns.map((at) => row.attributes![at]);
  return {
    fields: requestToShapes(request),
    count: undefined,
    ...(request.wants === "attributes" && { attributes }),
    ...(request.labels === "read" && { classNames: CLASS_NAMES }),
    next(n) {
      const first = row.draw(n, random, digits.train);
      const second = request.wants === "domains" ? row.draw(n, random, digits.train) : first;
      return samplesToFields(first, second, request);
    },
    get position() {
      return { data: { epoch: 0, taken: 0, stream: random.position } };
    },
    jump: ({ data }) => random.jump(data.stream),
    heldOut: drawHeldOut(request, digits.heldOut),
  };
}

function selectedToColumns({ attributes = [] }: DrawnDomain, { selected }: DomainRequest): number[] {
  const wanted = selected ?? attributes;
  const missing = wanted.filter((name) => !attributes.includes(name));
  if (missing.length > 0 || wanted.length === 0)
    throw new GanEvalError(
      "usage.selected",
      `expected attributes of the data (${attributes.join(", ")}), got ${missing.join(", ") || "none"}`,
    );
  return wanted.map((name) => attributes.indexOf(name));
}

/**
 * Opens drawn domains. They have a size of their own and are not augmented: `size`, `loadSize`, `channels`, `flip`, `limit`
 * and `heldOut` are not looked at.
 * @throws GanEvalError `usage.data` where they lack what the model wants; `usage.data-option`, `usage.selected`, `usage.scale`
 */
export async function openDrawn(name: DrawnName, request: DomainRequest): Promise<OpenedDomains> {
  const row: DrawnDomain = DRAWN_DOMAINS[name];
  requireFits(name, row, request);
  const columns = request.wants === "attributes" ? selectedToColumns(row, request) : [];
  const lowScale = request.scale ?? (request.wants === "images" ? row.scale : undefined);
  const digits = await loadDigits(row.digits);
  const full = { ...request, row, columns, lowScale };
  const { label, shape, truth } = row;
  return {
    data: drawTraining(full, digits, openRandomStream(request.seed, "data")),
    label: `${label} (drawn)`,
    layout: "drawn",
    counts: {},
    hash: createHash("sha256").update(JSON.stringify({ name, label, shape, truth })).digest("hex"),
    streams: false,
    warnings: [],
    close: async () => {},
  };
}
