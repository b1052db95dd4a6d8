/** Joins the files of nodes that jobs left to the statistics of the whole set. */

import { instructionSet } from "../../engine/instruction-set.ts";
import { GanEvalError, type Warning } from "../../errors.ts";
import { type LeafRange, leavesToLevel } from "../../math/features/leaves.ts";
import { MomentsTree, triangleLength } from "../../math/features/moments-tree.ts";
import { nodeToMoments } from "../../math/features/statistics.ts";
import { packageVersion } from "../../package-root.ts";
import type { Progress } from "../../progress.ts";
import { deviceToStated } from "../arithmetic.ts";
import { type LeafPlan, rangeToText } from "./leaf-plan.ts";
import {
  type LeafRecord,
  type LeafSettings,
  listNodeFiles,
  rangeToFile,
  readLeafRecord,
  readNodeFile,
} from "./node-file.ts";
import { momentsToFeatureStatistics, type StatisticsFile } from "./statistics-file.ts";

interface Found extends LeafRange {
  readonly file: string;
  readonly record: LeafRecord;
}

export interface CollectRequest {
  readonly work: string;
  readonly plan: LeafPlan;
  /** The covariance divides by n - ddof. */
  readonly ddof: 0 | 1;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CollectedStatistics {
  readonly statistics: StatisticsFile & { readonly n: number };
  /** Images that could not be read. */
  readonly skipped: number;
  readonly warnings: readonly Warning[];
}

/** The whole files of this set; what is damaged, or of other images, is as if it were not there. */
async function findNodes({ work, plan, signal }: CollectRequest): Promise<Found[]> {
  const found: Found[] = [];
  for (const range of await listNodeFiles(work)) {
    signal?.throwIfAborted();
    const file = rangeToFile(work, range);
    const record = await readLeafRecord(file).catch(() => undefined);
    if (record?.settings.listing !== plan.listing || record.leaves.of !== plan.begins.length) continue;
    if (record.leaves.from === range.from && record.leaves.to === range.to)
      found.push({ ...range, file, record });
  }
  return found;
}

/** Nodes that cover all leaves once, from the first on; the leaves that none covers. */
function nodesToCover(nodes: readonly Found[], leaves: number): { cover: Found[]; missing: LeafRange[] } {
  const byFrom = new Map<string, Found>(nodes.map((node) => [`${node.from} ${node.to}`, node]));
  const cover: Found[] = [];
  const missing: LeafRange[] = [];
  const visit = (from: number, size: number): void => {
    if (from >= leaves) return;
    const to = Math.min(leaves, from + size);
    const node = byFrom.get(`${from} ${to}`);
    if (node) cover.push(node);
    else if (size > 1) {
      visit(from, size / 2);
      visit(from + size / 2, size / 2);
    } else {
      const last = missing.at(-1);
      if (last?.to === from) missing[missing.length - 1] = { from: last.from, to };
      else missing.push({ from, to });
    }
  };
  visit(0, 2 ** leavesToLevel(leaves));
  return { cover, missing };
}

/** Of settings what a reader may compare. */
const LABELS: Readonly<Record<keyof LeafSettings, string>> = {
  extractor: "extractor",
  extractorHash: "weights (sha256)",
  featureEnd: "feature layer",
  resize: "resize mode",
  onError: "--on-error",
  ganEval: "version of gan-eval",
  isa: "instruction set of the processor",
  engine: "engine",
  device: "device",
  precision: "precision of products",
  listing: "list of images",
};

const unlikeLeaves = (a: Found, b: Found): GanEvalError => {
  const fields = Object.keys(LABELS) as (keyof LeafSettings)[];
  const field = fields.find((name) => a.record.settings[name] !== b.record.settings[name]) ?? "listing";
  return new GanEvalError(
    "input.unlike-leaves",
    `expected leaves with the same ${LABELS[field]}, got ${a.record.settings[field]} in ${a.file} and ${b.record.settings[field]} in ${b.file}`,
    {
      hint:
        field === "isa"
          ? "Processors of unlike instruction sets give unlike last digits: run all parts on machines of one kind, and remove the files of the others."
          : "Remove the files of one kind, and make those leaves again with the same version and options.",
    },
  );
};

const MOST_NAMED = 10;

function missingLeaves(missing: readonly LeafRange[], leaves: number, work: string): GanEvalError {
  const count = missing.reduce((sum, { from, to }) => sum + to - from, 0);
  const named = missing.slice(0, MOST_NAMED).map(rangeToText).join(", ");
  const more = missing.length > MOST_NAMED ? `, and ${missing.length - MOST_NAMED} more ranges` : "";
  return new GanEvalError(
    "input.leaves-missing",
    `expected ${leaves} leaves in ${work}, got ${leaves - count}; missing: ${named}${more}`,
    { hint: "Run the same command with --part again: it makes what is missing and leaves what is there." },
  );
}

/** The nodes to join: of one kind, and whole. @throws GanEvalError `input.leaves-missing`, `input.unlike-leaves` */
async function chooseCover(request: CollectRequest): Promise<Found[]> {
  const { work, plan } = request;
  const nodes = await findNodes(request);
  const leaves = plan.begins.length;
  const kinds = new Map<string, Found[]>();
  for (const node of nodes) {
    const kind = JSON.stringify([node.record.settings, node.record.dSpatial === null]);
    kinds.set(kind, [...(kinds.get(kind) ?? []), node]);
  }
  const all = [...kinds.values()].map((kind) => ({ kind, ...nodesToCover(kind, leaves) }));
  const whole = all.filter(({ missing }) => missing.length === 0);
  // What another version or machine left whole, too, is passed over.
  const own = whole.filter(
    ({ kind: [{ record }] }) =>
      record.settings.ganEval === packageVersion() && record.settings.isa === instructionSet(),
  );
  const candidates = own.length > 0 ? own : whole;
  if (candidates.length === 1) return candidates[0]!.cover;
  if (candidates.length > 1) throw unlikeLeaves(candidates[0]!.kind[0]!, candidates[1]!.kind[0]!);
  const joined = nodesToCover(nodes, leaves);
  if (joined.missing.length > 0) throw missingLeaves(joined.missing, leaves, work);
  throw unlikeLeaves(all[0]!.kind[0]!, all[1]!.kind[0]!);
}

/** Warnings of all leaves, in their order; what several groups say in other words says of which it is. */
function coverToWarnings(cover: readonly Found[]): Warning[] {
  const all = cover.flatMap(({ record, from, to }) =>
    record.warnings.map((warning) => ({ warning, range: { from, to } })),
  );
  const messages = new Map<string, Set<string>>();
  for (const { warning } of all)
    messages.set(warning.code, (messages.get(warning.code) ?? new Set()).add(warning.message));
  const said = new Set<string>();
  return all.flatMap(({ warning: { code, message, hint }, range }) => {
    const text = messages.get(code)!.size === 1 ? message : `${rangeToText(range)}: ${message}`;
    if (said.has(`${code} ${text}`)) return [];
    said.add(`${code} ${text}`);
    return [{ code, message: text, ...(hint !== undefined && { hint }) }];
  });
}

/**
 * Joins all leaves by the tree: the bits of one machine's pass over the same images, whatever groups the leaves were made
 * in, by whom and in which order. Reads no image and no network.
 *
 * @throws GanEvalError `input.leaves-missing` naming them, `input.unlike-leaves` where they differ in network, resize,
 *   version, instruction set, engine or device
 */
export async function collectLeaves(request: CollectRequest): Promise<CollectedStatistics> {
  const { ddof, signal, onProgress } = request;
  const cover = await chooseCover(request);
  const tree = new MomentsTree();
  const spatialTree = new MomentsTree();
  for (const [i, { from, to, file }] of cover.entries()) {
    signal?.throwIfAborted();
    const { moments, spatial } = await readNodeFile(file).catch((cause) => {
      throw missingLeaves(
        [{ from, to }],
        request.plan.begins.length,
        `${request.work} (${file}: ${cause.message})`,
      );
    });
    const level = leavesToLevel(to - from);
    tree.add(moments, level);
    spatialTree.add(spatial, level);
    onProgress?.({ stage: "joining", done: i + 1, total: cover.length, unit: "files" });
  }
  const [root, spatialRoot] = [tree.finish(), spatialTree.finish()];
  const { settings, d } = cover[0]!.record;
  const { extractor, extractorHash, featureEnd, resize, engine, isa, device, precision } = settings;
  const moments = nodeToMoments(
    root ?? { n: 0, mean: new Float64Array(d), lower: new Float64Array(triangleLength(d)) },
  );
  return {
    statistics: {
      ...momentsToFeatureStatistics(moments, ddof),
      n: moments.n,
      ddof,
      // What no engine makes depends on no processor.
      origin: {
        ...{ extractor, extractorHash, featureEnd, resize },
        ...(engine !== "none" && { isa }),
        ...deviceToStated(device, precision),
      },
      ...(spatialRoot && { spatial: momentsToFeatureStatistics(nodeToMoments(spatialRoot), ddof) }),
    },
    skipped: cover.flatMap(({ record }) => record.skipped).reduce((sum, count) => sum + count, 0),
    warnings: coverToWarnings(cover),
  };
}
