/** A pretrained network that has a name, as a feature extractor: DINOv2, CLIP, VGG, AlexNet. */
import { createHash } from "node:crypto";
import type { ArrayValue, Engine, Program } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { fileToSha256 } from "../../files/file-hash.ts";
import type { ResizeMode } from "../../images/resize/resize.ts";
import type { Image } from "../../images/source.ts";
import type { Positions } from "../../networks/architectures/positions.ts";
import { type FirstUseOptions, readNetworkAtFirstUse } from "../../networks/first-use.ts";
import { NETWORKS, type NetworkArchitecture, type NetworkName } from "../../networks/table.ts";
import { SCALINGS } from "../custom/custom-options.ts";
import { openPreprocessedInput, type Preprocessing, preprocessingToText } from "../custom/preprocessing.ts";
import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../extractor.ts";
import type { ImageInput } from "../image-input.ts";
import { compileNetwork } from "./compile-network.ts";
import type { NamedNetwork } from "./named-network.ts";
import { type ComputedRow, readNamedNetwork } from "./read-named-network.ts";

export interface NamedExtractorOptions extends Omit<FirstUseOptions, "cacheDir"> {
  /** How images come to the network's size (default: `RESIZES`). */
  readonly resize?: ResizeMode | undefined;
  /** Images in one run (default 16). No result depends on it. */
  readonly batchSize?: number;
  /** The ends to compute, where some of them are the network's (default: all). */
  readonly ends?: readonly FeatureLayer[] | undefined;
  /** A file with the network's weights; the installed one if left out, or the official one. */
  readonly weights?: string | undefined;
  /** How position embeddings come to the grid of the images (default dinov2). */
  readonly positions?: Positions | undefined;
  readonly cacheDir?: string | undefined;
}

/**
 * What the programs do that most published figures of a network are from: dgm-eval and edm2's "pil" for FD-DINOv2, CMMD's
 * for CLIP, torch-fidelity for VGG.
 */
const RESIZES: Readonly<Record<NetworkArchitecture["kind"], ResizeMode>> = {
  dinov2: "pil-bicubic",
  clip: "pil-bicubic",
  vgg16: "tf1",
  vgg19: "tf1",
  alexnet: "tf1",
};

type Ends = readonly (readonly [end: FeatureLayer, width: number])[];

class NamedExtractor implements FeatureExtractor {
  readonly id: string;
  readonly hash: string;
  readonly ends: FeatureExtractor["ends"];
  readonly featureEnd: FeatureLayer;
  readonly logitsEnd: FeatureLayer;
  readonly resize: string;
  readonly takesGrey = false;
  readonly computedBy: FeatureExtractor["computedBy"];
  private readonly program: Program<"images", FeatureLayer>;
  private readonly made: Ends;
  private readonly batchSize: number;
  private readonly input: ImageInput;

  constructor(
    described: Pick<FeatureExtractor, "id" | "hash" | "featureEnd" | "logitsEnd">,
    program: Program<"images", FeatureLayer>,
    engine: Engine,
    {
      made,
      preprocessing,
      batchSize,
      input,
    }: {
      made: Ends;
      preprocessing: Preprocessing;
      batchSize: number;
      input: ImageInput;
    },
  ) {
    this.id = described.id;
    this.hash = described.hash;
    this.featureEnd = described.featureEnd;
    this.logitsEnd = described.logitsEnd;
    this.program = program;
    this.made = made;
    this.ends = Object.fromEntries(made);
    this.resize = preprocessingToText(preprocessing);
    this.batchSize = batchSize;
    this.computedBy = { engine: engine.name, device: engine.device, threads: engine.threads };
    this.input = input;
  }

  async extract(batch: readonly Image[]): Promise<Record<FeatureLayer, FeatureMatrix>> {
    const starts = Array.from(
      { length: Math.ceil(batch.length / this.batchSize) },
      (_, i) => i * this.batchSize,
    );
    const runs = await Promise.all(
      starts.map((start) => this.runNetwork(batch.slice(start, start + this.batchSize))),
    );
    return Object.fromEntries(
      this.made.map(([end, width]): [FeatureLayer, FeatureMatrix] => {
        const data = new Float32Array(batch.length * width);
        for (const [i, start] of starts.entries()) {
          const rows = runs[i]![end]!.data as Float32Array;
          data.set(rows.subarray(0, (batch.length - start) * width), start * width);
        }
        return [end, { data, rows: batch.length, width }];
      }),
    );
  }

  private runNetwork(images: readonly Image[]): Promise<Record<FeatureLayer, ArrayValue>> {
    return this.input.run(images, (batch) => this.program.run({ images: batch }));
  }

  async dispose(): Promise<void> {
    await this.program.dispose();
    await this.input.dispose();
  }
}

/** Those asked for that the network has; all where it has none of them, as where Inception's are asked for. */
function chooseEnds({ ends }: NamedNetwork, asked: readonly FeatureLayer[] | undefined): Ends {
  const all = Object.entries(ends);
  const chosen = all.filter(([end]) => asked?.includes(end));
  return chosen.length > 0 ? chosen : all;
}

/**
 * Opens a network of a row, from a file. Weights, choices of reading, ends and what is done to images make its hash.
 * @param file with its sha256, where that is known
 * @throws GanEvalError `input.network-weights`, `input.perceptual-weights`, `input.cannot-read`; `usage.batch-size`
 */
export async function openRowExtractor(
  engine: Engine,
  id: string,
  row: ComputedRow,
  file: { readonly location: string; readonly sha256?: string | undefined },
  { resize, batchSize = 16, ends, positions = "dinov2" }: NamedExtractorOptions = {},
): Promise<FeatureExtractor> {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new GanEvalError("usage.batch-size", `expected a batch size from 1 on, got ${batchSize}`);
  const side = row.inputSize;
  const preprocessing: Preprocessing = {
    ...{ height: side, width: side, channels: 3, layout: "nhwc" },
    resize: resize ?? RESIZES[row.architecture.kind],
    ...SCALINGS[row.scaling],
  };
  const network = await readNamedNetwork(file.location, row, positions);
  const made = chooseEnds(network, ends);
  const { featureEnd, logitsEnd, choices } = network;
  const names = made.map(([end]) => end);
  const program = await compileNetwork(engine, network, { name: id, batchSize, side, ends: names });
  const weights = file.sha256 ?? (await fileToSha256(file.location));
  const said = [id, weights, choices, network.ends, preprocessingToText(preprocessing)];
  const hash = createHash("sha256").update(JSON.stringify(said)).digest("hex");
  const described = { id, hash, featureEnd, logitsEnd };
  const input = await openPreprocessedInput(engine, preprocessing, batchSize);
  return new NamedExtractor(described, program, engine, { made, preprocessing, batchSize, input });
}

/**
 * Opens a network by its name. Its official file is downloaded where it is not installed, unless that is forbidden.
 * @throws GanEvalError `unavailable.network` where the file is neither here nor to be had; else as `openRowExtractor`
 */
export async function openNamedExtractor(
  engine: Engine,
  name: NetworkName,
  { weights, ...options }: NamedExtractorOptions = {},
): Promise<FeatureExtractor> {
  const file =
    weights === undefined
      ? await readNetworkAtFirstUse(name, options as FirstUseOptions)
      : { location: weights };
  return openRowExtractor(engine, name, NETWORKS[name], file, options);
}
