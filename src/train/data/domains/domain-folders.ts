/** Folders in which data sets keep their domains and their parts, by the names that they are known by. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../../errors.ts";
import { unlessForbidden } from "../../../files/forbidden.ts";

type TwoFolders = readonly [a: string, b: string];

/** Folders of both domains: to train on, and those that are held out, the first that is there. */
interface DomainFolders {
  readonly train: TwoFolders;
  readonly heldOut?: TwoFolders;
}

/**
 * In the order in which they are looked for. The validation part is taken before the test part: what a run is scored on
 * while it trains is no test any more.
 */
const TWO_FOLDER_LAYOUTS: readonly { readonly train: TwoFolders; readonly heldOut: readonly TwoFolders[] }[] =
  [
    {
      train: ["trainA", "trainB"],
      heldOut: [
        ["valA", "valB"],
        ["testA", "testB"],
      ],
    },
    {
      train: ["train/A", "train/B"],
      heldOut: [
        ["val/A", "val/B"],
        ["test/A", "test/B"],
      ],
    },
    {
      train: ["A/train", "B/train"],
      heldOut: [
        ["A/val", "B/val"],
        ["A/test", "B/test"],
      ],
    },
    { train: ["A", "B"], heldOut: [] },
  ];

/** Parts of one folder of images: to train on, and held out. */
const PARTS = { train: "train", heldOut: ["val", "test"] } as const;

/** What is looked for, for messages. */
export const TWO_FOLDER_NAMES = TWO_FOLDER_LAYOUTS.map(({ train }) => train.join(" and ")).join("; ");

const isFolder = (location: string): Promise<boolean> =>
  stat(location).then((info) => info.isDirectory(), unlessForbidden(false));

/** A folder below another, whatever the case of its letters; undefined where there is none. */
async function findFolder(root: string, name: string): Promise<string | undefined> {
  let location = root;
  for (const part of name.split("/")) {
    const entries = await readdir(location).catch(unlessForbidden<string[]>([]));
    const found =
      entries.find((entry) => entry === part) ??
      entries.find((entry) => entry.toLowerCase() === part.toLowerCase());
    if (found === undefined) return undefined;
    location = path.join(location, found);
    if (!(await isFolder(location))) return undefined;
  }
  return location;
}

const findBoth = (root: string, [a, b]: TwoFolders) =>
  Promise.all([findFolder(root, a), findFolder(root, b)]);

/**
 * The folders of two domains below a folder, or undefined where it has none.
 * @throws GanEvalError `input.missing-domain` where it has a folder of one domain only
 */
export async function findDomainFolders(root: string): Promise<DomainFolders | undefined> {
  let half: GanEvalError | undefined;
  for (const { train, heldOut } of TWO_FOLDER_LAYOUTS) {
    const [a, b] = await findBoth(root, train);
    if (a !== undefined && b !== undefined) {
      for (const names of heldOut) {
        const [heldA, heldB] = await findBoth(root, names);
        if (heldA !== undefined && heldB !== undefined) return { train: [a, b], heldOut: [heldA, heldB] };
      }
      return { train: [a, b] };
    }
    if (a === undefined && b === undefined) continue;
    half ??= new GanEvalError(
      "input.missing-domain",
      `expected the folders ${train.join(" and ")} in ${root}, got ${a ? train[0] : train[1]} alone`,
      { hint: "Add the other folder, or give it with --data-b." },
    );
  }
  if (half) throw half;
  return undefined;
}

/** The parts of a folder of images that has a folder `train`, or undefined. */
export async function findParts(
  root: string,
): Promise<{ readonly train: string; readonly heldOut?: string } | undefined> {
  const train = await findFolder(root, PARTS.train);
  if (train === undefined) return undefined;
  for (const name of PARTS.heldOut) {
    const heldOut = await findFolder(root, name);
    if (heldOut !== undefined) return { train, heldOut };
  }
  return { train };
}
