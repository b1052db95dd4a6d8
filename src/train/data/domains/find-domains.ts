/** From what lies in a folder to the samples of each domain: how images belong together, and which are held out. */
import { GanEvalError } from "../../../errors.ts";
import type { ImageSource } from "../../../images/source.ts";
import { openImages } from "../../../images/sources/open.ts";
import { EMBEDDED, openSources, type Sources } from "../sources.ts";
import { findDomainFolders, findParts, TWO_FOLDER_NAMES } from "./domain-folders.ts";
import { halvesToSet, type ImageField, pairsToSet, type SampleSet, sourceToSet } from "./sample-set.ts";
import type { DomainRequest, OpenedDomains } from "./scheme-data.ts";

/** Samples that are trained on in an order of their own. */
export interface FoundDomain {
  /** `data` where both domains have one order. */
  readonly name: "data" | ImageField;
  readonly where: string;
  readonly train: SampleSet;
  /** A part of its own; else some of the others are set apart. */
  readonly heldOut?: SampleSet;
}

export interface FoundDomains {
  readonly layout: OpenedDomains["layout"];
  readonly label: string;
  readonly domains: readonly FoundDomain[];
  /** Both fields of a row belong together, though they may be trained on in orders of their own. */
  readonly paired: boolean;
  /** Each field is trained on in an order of its own. */
  readonly independent: boolean;
}

/** All sources, or none: if one cannot be opened, the others are closed. */
async function openAll<T>(
  openers: readonly (() => Promise<T>)[],
  close: (opened: T) => Promise<void>,
): Promise<T[]> {
  const opened: T[] = [];
  try {
    for (const open of openers) opened.push(await open());
  } catch (error) {
    for (const one of opened) await close(one);
    throw error;
  }
  return opened;
}

const closeSource = (source: ImageSource): Promise<void> => source.close();

async function closeSources({ main, test }: Sources): Promise<void> {
  await main.close();
  await test?.close();
}

/** How images are read, wherever they lie. */
const requestToReading = ({ onError = "fail", imageKey, cacheFolder }: DomainRequest) => ({
  onError,
  ...(imageKey !== undefined && { imageKey }),
  ...(cacheFolder !== undefined && { cacheFolder }),
});

/** Folders of images, opened: those trained on, then those held out. */
const openFolders = (folders: readonly (string | undefined)[], request: DomainRequest) =>
  openAll(
    folders
      .filter((folder) => folder !== undefined)
      .map((folder) => () => openImages(folder, requestToReading(request))),
    closeSource,
  );

const requestToFields = ({ direction }: DomainRequest): readonly [ImageField, ImageField] =>
  direction === "b-to-a" ? ["b", "a"] : ["a", "b"];

/** One location: its parts where it has folders of their names, else whatever it holds. */
async function openOne(location: string, request: DomainRequest): Promise<Sources> {
  const { split, signal } = request;
  const mayHaveParts = split === undefined && location !== EMBEDDED;
  const parts = mayHaveParts ? await findParts(location) : undefined;
  if (parts === undefined) {
    const options = { ...requestToReading(request), ...(split && { split }), ...(signal && { signal }) };
    return openSources(location, options);
  }
  const [main, test] = await openFolders([parts.train, parts.heldOut], request);
  return { label: `folder ${location}`, main, ...(test && { test }) };
}

/** Both domains, each with what is held out of it. */
async function openTwo(request: DomainRequest): Promise<Sources[] | undefined> {
  const { data, dataB } = request;
  if (dataB !== undefined)
    return openAll(
      [data, dataB].map((location) => () => openOne(location, request)),
      closeSources,
    );
  const folders = data === EMBEDDED ? undefined : await findDomainFolders(data);
  if (folders === undefined) return undefined;
  const opened = await openFolders([...folders.train, ...(folders.heldOut ?? [])], request);
  return [0, 1].map((i) => ({
    label: `folder ${opened[i].location}`,
    main: opened[i],
    ...(folders.heldOut && { test: opened[2 + i] }),
  }));
}

const noPairs = (message: string, hint: string): GanEvalError =>
  new GanEvalError("usage.pairs", message, { hint });

function twoToDomains([first, second]: readonly Sources[], request: DomainRequest): FoundDomains {
  const fields = requestToFields(request);
  const label = `${first.label} and ${second.label}`;
  const isPaired = request.pairs === "folders" || (request.pairs === undefined && request.wants === "pairs");
  if (isPaired)
    return {
      layout: "paired-folders",
      label: `pairs of ${label}`,
      domains: [
        {
          name: "data",
          where: first.main.location,
          train: pairsToSet(first.main, second.main, fields),
          ...(first.test && second.test && { heldOut: pairsToSet(first.test, second.test, fields) }),
        },
      ],
      paired: true,
      independent: request.wants === "domains",
    };
  const domains = [first, second].map(
    ({ main, test }, i): FoundDomain => ({
      name: fields[i],
      where: main.location,
      train: sourceToSet(main, fields[i]),
      ...(test && { heldOut: sourceToSet(test, fields[i]) }),
    }),
  );
  return {
    layout: "unpaired",
    label,
    // The first domain is what the model starts from, whichever folder holds it.
    domains: domains.sort((a, b) => (a.name < b.name ? -1 : 1)),
    paired: false,
    independent: true,
  };
}

async function openSideBySide(request: DomainRequest): Promise<FoundDomains> {
  const fields = requestToFields(request);
  const { main, test, label } = await openOne(request.data, request);
  const guessed = request.pairs === undefined;
  return {
    layout: "side-by-side",
    label: `side-by-side images of ${label}`,
    domains: [
      {
        name: "data",
        where: main.location,
        train: halvesToSet(main, fields, guessed),
        ...(test && { heldOut: halvesToSet(test, fields, guessed) }),
      },
    ],
    paired: true,
    independent: request.wants === "domains",
  };
}

async function openSingle(request: DomainRequest): Promise<FoundDomains> {
  if (request.dataB !== undefined)
    throw new GanEvalError(
      "usage.data-option",
      `expected one source of images for this model, got ${request.dataB} too`,
      {
        hint: "Leave --data-b out.",
      },
    );
  const { main, test, label } = await openOne(request.data, request);
  return {
    layout: request.wants === "attributes" ? "labelled" : "one-folder",
    label,
    domains: [
      {
        name: "data",
        where: main.location,
        train: sourceToSet(main, "a"),
        ...(test && { heldOut: sourceToSet(test, "a") }),
      },
    ],
    paired: true,
    independent: false,
  };
}

/**
 * Opens the images of a request. How they belong together is said by `pairs`, or found out in this order:
 *
 * 1. The model takes one domain (`images`, `attributes`): the images of the location; with a folder `train`, those in it,
 *    and those in `val` or else `test` are held out.
 * 2. There is a second location: two domains. The model decides whether they are paired by name (`pairs`) or not
 *    (`domains`).
 * 3. The folder has `trainA` and `trainB`, `train/A` and `train/B`, `A/train` and `B/train`, or `A` and `B`: two domains
 *    likewise. `valA` and `valB`, or else `testA` and `testB`, are held out.
 * 4. Else each image is a pair side by side, parts as in 1.
 *
 * @throws GanEvalError `usage.pairs`, `usage.data-option`, `usage.conflicting-option`; `input.missing-domain`,
 *   `input.unmatched-pairs`; what opening images throws
 */
export async function findDomains(request: DomainRequest): Promise<FoundDomains> {
  const { wants, pairs, data, dataB } = request;
  if (wants === "images" || wants === "attributes") return openSingle(request);
  if (wants === "pairs" && pairs === "unpaired")
    throw noPairs(
      "expected pairs for this model, got --pairs unpaired",
      "Give side-by-side images or two folders of the same names, or choose a model for unpaired domains: cyclegan.",
    );
  if (pairs === "side-by-side") {
    if (dataB === undefined) return openSideBySide(request);
    throw new GanEvalError(
      "usage.conflicting-option",
      `expected one source of side-by-side images, got ${data} and ${dataB}`,
      { hint: "Leave --data-b out, or use --pairs folders." },
    );
  }
  const two = await openTwo(request);
  if (two) {
    try {
      return twoToDomains(two, request);
    } catch (error) {
      for (const sources of two) await closeSources(sources);
      throw error;
    }
  }
  if (pairs === undefined) return openSideBySide(request);
  throw noPairs(
    `expected two folders of images in ${data} (${TWO_FOLDER_NAMES}), got none of them`,
    "Give the second folder with --data-b, or use --pairs side-by-side for images whose halves belong together.",
  );
}

/** Closes all that was opened. */
export async function closeDomains({ domains }: FoundDomains): Promise<void> {
  for (const { train, heldOut } of domains)
    for (const source of [...train.sources, ...(heldOut?.sources ?? [])]) await source.close();
}
