/** Opens a place to write images to, of the kind that its name says. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import { beginOutput, cannotWrite, type OutputFile, writeFileAtomically } from "../../files/atomic-file.ts";
import { beginOutputFolder, type OutputFolder } from "../../files/output-folder.ts";
import { hasImageName } from "../sources/sniff.ts";
import { planFolder } from "./folder.ts";
import { planIdx } from "./idx.ts";
import { planNpz } from "./npz.ts";
import type {
  Container,
  ContainerPlan,
  ContainerPlanner,
  ImageSink,
  ImageSinkKind,
  ImageSinkOptions,
} from "./sink.ts";
import { requireFree } from "./target.ts";
import { planZip } from "./zip.ts";

const KINDS = {
  zip: { ending: /\.zip$/i, plan: planZip },
  npz: { ending: /\.npz$/i, plan: planNpz },
  idx: { ending: /([-.]ubyte|\.idx)(\.gz)?$/i, plan: planIdx },
  // The last, since any name that is not a file's may be a folder's.
  folder: { ending: /^/, plan: planFolder },
} as const satisfies Record<ImageSinkKind, { ending: RegExp; plan: ContainerPlanner }>;

/** Endings of other files; a folder of such a name is more likely a mistake. */
const OTHER_FILE = /\.(npy|bin|tar|gz|tgz|7z|rar|h5|hdf5|pt|pth|txt|csv|json|html|pdf)$/i;

/** A name with a slash at its end is a folder's, whatever its ending. */
function locationToKind(location: string): ImageSinkKind {
  if (/[/\\]$/.test(location)) return "folder";
  const kind = (Object.keys(KINDS) as ImageSinkKind[]).find((name) => KINDS[name].ending.test(location))!;
  if (kind !== "folder" || !(hasImageName(location) || OTHER_FILE.test(location))) return kind;
  throw new GanEvalError("usage.sink-kind", `expected a name for a set of images, got ${location}`, {
    hint: "Name a folder, or a file ending in .zip, .npz, -ubyte or .idx, the last two also with .gz.",
  });
}

function requireShape(location: string, options: ImageSinkOptions): void {
  const { count, height, width, channels, labels } = options;
  const isSize = [count, height, width].every((size) => Number.isSafeInteger(size) && size > 0);
  if (!isSize || (channels !== 1 && channels !== 3))
    throw new GanEvalError(
      "usage.sink-shape",
      `expected images of 1 or 3 channels for ${location}, got [${[count, height, width, channels].join(", ")}]`,
    );
  if (labels === undefined) return;
  const isLabels =
    labels.length === count && Array.from(labels).every((label) => Number.isSafeInteger(label) && label >= 0);
  if (!isLabels)
    throw new GanEvalError(
      "usage.sink-labels",
      `expected a class 0, 1, ... for each of the ${count} images of ${location}, got other labels`,
    );
}

class PlannedSink implements ImageSink {
  readonly kind: ImageSinkKind;
  readonly location: string;
  private readonly plan: ContainerPlan;
  private readonly options: ImageSinkOptions;
  private readonly output: OutputFile | OutputFolder;
  private container: Container | undefined;
  private written = 0;

  constructor(
    kind: ImageSinkKind,
    location: string,
    plan: ContainerPlan,
    options: ImageSinkOptions,
    output: OutputFile | OutputFolder,
    container: Container,
  ) {
    this.kind = kind;
    this.location = location;
    this.plan = plan;
    this.options = options;
    this.output = output;
    this.container = container;
  }

  async write(pixels: Uint8Array, n: number): Promise<void> {
    const { count, height, width, channels } = this.options;
    const expected = n * height * width * channels;
    if (pixels.length !== expected)
      throw new GanEvalError(
        "usage.sink-pixels",
        `expected ${expected} bytes for ${n} images [${height}, ${width}, ${channels}], got ${pixels.length}`,
      );
    if (this.written + n > count)
      throw new GanEvalError(
        "usage.sink-count",
        `expected ${count} images for ${this.location}, got ${this.written + n}`,
      );
    const container = this.requireOpen();
    this.written += n;
    await container.write(pixels, n).catch((error) => {
      throw cannotWrite(this.location, error);
    });
  }

  async finish(): Promise<void> {
    const container = this.requireOpen();
    const { count, overwrite = false } = this.options;
    const { companion, beside = [] } = this.plan;
    if (this.written !== count)
      throw new GanEvalError(
        "usage.sink-count",
        `expected ${count} images for ${this.location}, got ${this.written}`,
      );
    try {
      await container.close();
      const stale = beside.filter((name) => name !== companion?.target);
      if (overwrite) for (const name of stale) await rm(name, { force: true });
      if (companion) await writeFileAtomically(companion.target, [companion.bytes]);
      await this.output.commit();
      this.container = undefined;
    } catch (error) {
      await this.abort();
      throw cannotWrite(this.location, error);
    }
  }

  async abort(): Promise<void> {
    const { container } = this;
    this.container = undefined;
    if (container === undefined) return;
    await container.discard().catch(() => {});
    await this.output.discard();
  }

  private requireOpen(): Container {
    if (this.container) return this.container;
    throw new GanEvalError("usage.closed", `expected an open sink, got ${this.location} closed`);
  }
}

/**
 * Opens a folder of PNG files, a `.zip` of them, an `.npz` or an IDX file (`-ubyte`, `.idx`, either with `.gz`) to
 * write images to: the counterpart of `openImages`, which reads the very pixels back. Images are written as they
 * come, under a temporary name in the same folder, and are at the location, all of them, once `finish` has returned.
 *
 * @throws GanEvalError `usage.target-exists` where something is there and `overwrite` is not set; `usage.sink-*` and
 *   `usage.idx-*` for what the format cannot hold; `input.cannot-write` where the system refuses
 */
export async function openImageSink(location: string, options: ImageSinkOptions): Promise<ImageSink> {
  const kind = locationToKind(location);
  requireShape(location, options);
  const { overwrite = false } = options;
  const plan = KINDS[kind].plan(path.resolve(location), options);
  for (const target of [plan.target, ...(plan.beside ?? [])])
    await requireFree(target, plan.holds, overwrite);
  let output: OutputFile | OutputFolder | undefined;
  let container: Container | undefined;
  try {
    if (plan.holds === "file") {
      output = await beginOutput(plan.target);
      container = await plan.open(output as OutputFile);
    } else {
      output = await beginOutputFolder(plan.target);
      container = await plan.open(output as OutputFolder);
    }
    await container.begin();
    return new PlannedSink(kind, location, plan, options, output, container);
  } catch (error) {
    await container?.discard().catch(() => {});
    await output?.discard();
    throw cannotWrite(location, error);
  }
}
