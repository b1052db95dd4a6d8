/** Domains of images in files, opened for training: parted, brought to one form, and held in memory where they fit. */

import { constants } from "node:buffer";
import { createHash } from "node:crypto";
import { GanEvalError, type Warning } from "../../../errors.ts";
import { openRandomStream } from "../../random.ts";
import { isSortedByClass } from "../classes.ts";
import { FEWEST_TO_SHARE, holdOut, spread, testToPositions } from "../held-out.ts";
import { imageToSize, MOST_BYTES } from "../read-images.ts";
import { type Columns, type Feed, partsToSchemeData } from "./feed.ts";
import { closeDomains, type FoundDomain, type FoundDomains, findDomains } from "./find-domains.ts";
import { sizeToLow } from "./low-resolution.ts";
import { openPassOrder } from "./pass-order.ts";
import { type FormRequest, requestToForm } from "./request-form.ts";
import { samplesToColumns } from "./sample-columns.ts";
import type { ReadNotes, SampleForm, Size } from "./sample-form.ts";
import type { ImageField, SampleSet } from "./sample-set.ts";
import {
  formToBytes,
  type SampleStore,
  type StoreParts,
  samplesOnDisk,
  samplesToMemory,
  surveySamples,
} from "./sample-store.ts";
import type { DomainRequest, OpenedDomains } from "./scheme-data.ts";

/** A domain whose samples are parted. */
interface PartedDomain extends FoundDomain {
  readonly trainAt: Int32Array;
  readonly heldOutSet: SampleSet;
  readonly heldOutAt: Int32Array;
}

interface StoredDomain extends PartedDomain {
  readonly trainStore: SampleStore;
  readonly heldOutStore: SampleStore;
}

/** A discriminator that sees one image again and again learns nothing of its domain. */
const FEWEST = 2;

function requireSamples(count: number, where: string): void {
  if (count >= FEWEST) return;
  throw new GanEvalError(
    "input.too-few-images",
    `expected at least ${FEWEST} images to train on in ${where}, got ${count}`,
    { hint: "Add images, or hold out fewer of them." },
  );
}

function partDomain(domain: FoundDomain, { limit, heldOut }: DomainRequest): PartedDomain {
  const { train, where } = domain;
  requireSamples(train.count, where);
  const n = Math.min(train.count, limit ?? train.count);
  const positions = spread(train.sources.some(isSortedByClass) ? train.count : n, n);
  if (domain.heldOut)
    return {
      ...{ ...domain, trainAt: positions, heldOutSet: domain.heldOut },
      heldOutAt: testToPositions(domain.heldOut.count, heldOut),
    };
  const apart = holdOut(positions, heldOut);
  requireSamples(apart.train.length, where);
  return { ...domain, trainAt: apart.train, heldOutSet: train, heldOutAt: apart.heldOut };
}

/** The size of the first image that can be read. */
async function firstToSize({ train, trainAt }: PartedDomain): Promise<Size> {
  let size: Size | undefined;
  for (let i = 0; size === undefined && i < trainAt.length; i++)
    await train.read(trainAt.subarray(i, i + 1), (_, __, image) => {
      size ??= imageToSize(image);
    });
  // None can be read: the size no longer matters.
  return size ?? [1, 1];
}

interface Stored {
  readonly domains: readonly StoredDomain[];
  readonly channels: 1 | 3;
  readonly streams: boolean;
  readonly cropped: number;
}

/** All domains in one number of channels; undefined where they are grey and a coloured image was met. */
async function storeDomains(
  parted: readonly PartedDomain[],
  form: FormRequest,
  channels: 1 | 3,
  request: DomainRequest,
): Promise<Stored | undefined> {
  const { signal, onProgress, memory = MOST_BYTES, onError } = request;
  const trainForm: SampleForm = { size: form.loadSize, channels, resize: form.resize };
  const heldOutForm: SampleForm = { size: form.size, channels, resize: form.resize };
  const parts = parted.flatMap(({ train, trainAt, heldOutSet, heldOutAt }) => [
    { set: train, positions: trainAt, form: trainForm },
    { set: heldOutSet, positions: heldOutAt, form: heldOutForm },
  ]);
  const arrays = parts.map(({ positions, form: of }) => positions.length * formToBytes(of));
  const bytes = parts.reduce((sum, { set }, i) => sum + set.fields.length * arrays[i], 0);
  const streams = bytes > memory || Math.max(...arrays) > constants.MAX_LENGTH;
  const total = parts.reduce((sum, { positions }) => sum + positions.length, 0);
  const notes: ReadNotes = { cropped: 0, colour: false };
  const untilColour = request.channels === undefined && channels === 1;
  let done = 0;
  const stores: SampleStore[] = [];
  for (const part of parts) {
    const full: StoreParts = {
      ...{ ...part, notes },
      ...(signal && { signal }),
      onRead: (samples) => {
        done += samples;
        onProgress?.({ stage: "data", done, total, unit: "images" });
      },
    };
    const store = await (streams
      ? partToDisk(full, untilColour, onError === "skip")
      : samplesToMemory(full, untilColour));
    if (store === undefined || (untilColour && notes.colour)) return undefined;
    stores.push(store);
  }
  return {
    domains: parted.map((domain, i) => ({
      ...domain,
      trainStore: stores[2 * i],
      heldOutStore: stores[2 * i + 1],
    })),
    ...{ channels, streams, cropped: notes.cropped },
  };
}

/** Images are looked through first where something must be known of all of them. */
async function partToDisk(parts: StoreParts, untilColour: boolean, skips: boolean) {
  if (!untilColour && !skips) return samplesOnDisk(parts);
  const positions = await surveySamples(parts, untilColour);
  return positions && samplesOnDisk({ ...parts, positions });
}

function storedToFeeds({ domains }: Stored, found: FoundDomains, seed: number): Feed[] {
  const streams = ["order", "orderB"] as const;
  const ordered = domains.flatMap((domain) => {
    const fields = domain.train.fields.map((field, at): [ImageField, number] => [field, at]);
    const split = found.independent && fields.length > 1;
    const groups = split ? fields.sort().map((one) => [one]) : [fields];
    return groups.map((group) => ({ domain, name: split ? group[0][0] : domain.name, fields: group }));
  });
  return ordered.map(({ domain, name, fields }, i) => {
    const { trainStore, heldOutStore, heldOutSet, where } = domain;
    return {
      ...{ name, fields, train: trainStore, heldOut: heldOutStore },
      order: openPassOrder(trainStore.positions.length, openRandomStream(seed, streams[i]), where),
      heldOutNames: (at) => Array.from(heldOutStore.positions, (position) => heldOutSet.name(position, at)),
    };
  });
}

async function domainsToHash(
  { domains }: FoundDomains,
  columns: readonly Columns[],
  limit: number | undefined,
): Promise<string> {
  const hashes: string[] = [];
  for (const { train } of domains)
    for (const source of train.sources) hashes.push(await source.contentHash());
  if (hashes.length === 1 && columns.length === 0 && limit === undefined) return hashes[0];
  const hash = createHash("sha256").update(
    JSON.stringify({ hashes, limit, names: columns.map(({ names }) => names) }),
  );
  for (const { train, heldOut } of columns) hash.update(train).update(heldOut);
  return hash.digest("hex");
}

/** Remarks of reading that matter only where images are scored. */
const NOT_OF_TRAINING: ReadonlySet<string> = new Set(["grey", "lossy", "mixed-sizes"]);

function storedToWarnings({ domains, cropped }: Stored, { heldOut }: DomainRequest): Warning[] {
  const sources = new Set(
    domains.flatMap(({ train, heldOutSet }) => [...train.sources, ...heldOutSet.sources]),
  );
  const warnings = [...sources]
    .flatMap((source) => source.warnings())
    .filter(({ code }) => !NOT_OF_TRAINING.has(code));
  if (cropped > 0)
    warnings.push({
      code: "cropped",
      message: `${cropped.toLocaleString("en-US")} images of other proportions: their centre is used`,
      hint: "Crop them yourself to use another part.",
    });
  if (heldOut !== 0 && domains.some(({ heldOutStore }) => heldOutStore.positions.length === 0))
    warnings.push({
      code: "no-held-out",
      message: "no images are held out: how well the model does on images that it never saw cannot be judged",
      hint: `Of ${FEWEST_TO_SHARE} images or more a tenth is held out; folders val or test are too.`,
    });
  return warnings;
}

async function foundToOpened(found: FoundDomains, request: DomainRequest): Promise<OpenedDomains> {
  const parted = found.domains.map((domain) => partDomain(domain, request));
  const form = await requestToForm(request, () => firstToSize(parted[0]));
  if (request.scale !== undefined) sizeToLow(form.size, request.scale);
  const stored =
    (request.channels === 3 ? undefined : await storeDomains(parted, form, 1, request)) ??
    (await storeDomains(parted, form, 3, request))!;
  for (const { trainStore, where } of stored.domains) requireSamples(trainStore.positions.length, where);
  const [first] = stored.domains;
  const { columns, warnings } = await samplesToColumns(
    request,
    { set: first.train, positions: first.trainStore.positions },
    { set: first.heldOutSet, positions: first.heldOutStore.positions },
    first.where,
  );
  const data = partsToSchemeData({
    feeds: storedToFeeds(stored, found, request.seed),
    ...{ columns, size: form.size, channels: stored.channels, paired: found.paired },
    augmentation: { from: form.loadSize, to: form.size, flip: request.flip ?? false },
    augment: openRandomStream(request.seed, "augment"),
    ...(request.scale !== undefined && { scale: request.scale }),
  });
  return {
    ...{ data, label: found.label, layout: found.layout, streams: stored.streams },
    counts: Object.fromEntries(
      stored.domains.flatMap(({ train, trainStore }) =>
        train.fields.map((field) => [field, trainStore.positions.length]),
      ),
    ),
    hash: await domainsToHash(found, columns, request.limit),
    warnings: [...storedToWarnings(stored, request), ...warnings],
    close: () => closeDomains(found),
  };
}

/** @throws GanEvalError as `openDomains` */
export async function openFileDomains(request: DomainRequest): Promise<OpenedDomains> {
  const found = await findDomains(request);
  try {
    const opened = await foundToOpened(found, request);
    if (!opened.streams) await opened.close();
    return opened;
  } catch (error) {
    await closeDomains(found);
    throw error;
  }
}
