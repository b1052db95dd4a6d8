/** The Inception network of 2015-12-05 as a feature extractor. */
import type { ArrayValue, Engine } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { RESIZE_MODES, type ResizeMode } from "../../images/resize/resize.ts";
import type { Image } from "../../images/source.ts";
import { INPUT_SIZE } from "../../inception/architecture.ts";
import { type FirstUseOptions, readAtFirstUse } from "../../inception/first-use.ts";
import { ENDS, type InceptionEnd } from "../../inception/graph-nodes.ts";
import { compileInception, type InceptionProgram } from "../../inception/inception-program.ts";
import type { NetworkManifest } from "../../inception/manifest.ts";
import { readNetwork } from "../../inception/read-network.ts";
import type { NetworkModel } from "../../inception/tfjs-model.ts";
import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../extractor.ts";
import { type FillPlace, type ImageInput, type InputForm, openImageInput } from "../image-input.ts";

export interface InceptionExtractorOptions
  extends Pick<FirstUseOptions, "offline" | "signal" | "onProgress" | "files"> {
  /** How images come to 299 x 299, and are scaled (default tf1). */
  readonly resize?: ResizeMode;
  /** Images in one run of the network (default 16). No result depends on it. */
  readonly batchSize?: number;
  /** The ends to compute (default 2048 and logits_unbiased); others cost nothing. */
  readonly ends?: readonly FeatureLayer[];
  /** A file or folder with the network; the installed one if left out, or the official one. */
  readonly weights?: string;
  readonly cacheDir?: string;
  /** With `weights`, a safetensors file that lacks tensors: makes them from a seed. For tests and benchmarks. */
  readonly fillGaps?: { readonly seed: number };
}

const toForm = (resize: ResizeMode): InputForm => ({
  ...{ height: INPUT_SIZE, width: INPUT_SIZE, channels: 3, layout: "nhwc", resize },
});

/** Every mode leaves an image of this size as it is. */
const fillWith =
  (resize: ResizeMode): FillPlace =>
  ({ pixels, width, height }, place) => {
    if (width === INPUT_SIZE && height === INPUT_SIZE) place.set(pixels);
    else RESIZE_MODES[resize](pixels, width, height, INPUT_SIZE, INPUT_SIZE, place);
  };

class InceptionExtractor implements FeatureExtractor {
  readonly id: string;
  readonly hash: string;
  readonly ends: FeatureExtractor["ends"];
  readonly featureEnd = "2048";
  readonly logitsEnd = "logits_unbiased";
  readonly takesGrey = false;
  readonly computedBy: FeatureExtractor["computedBy"];
  private readonly program: InceptionProgram;
  private readonly names: readonly InceptionEnd[];
  readonly resize: ResizeMode;
  private readonly batchSize: number;
  private readonly input: ImageInput;

  constructor(
    program: InceptionProgram,
    engine: Engine,
    manifest: NetworkManifest,
    names: readonly InceptionEnd[],
    { resize, batchSize, input }: { resize: ResizeMode; batchSize: number; input: ImageInput },
  ) {
    this.program = program;
    this.id = manifest.id;
    this.hash = manifest.weightsHash;
    this.names = names;
    this.ends = Object.fromEntries(names.map((name) => [name, ENDS[name].width]));
    this.computedBy = { engine: engine.name, device: engine.device, threads: engine.threads };
    this.resize = resize;
    this.batchSize = batchSize;
    this.input = input;
  }

  async extract(batch: readonly Image[]): Promise<Partial<Record<FeatureLayer, FeatureMatrix>>> {
    const starts = Array.from(
      { length: Math.ceil(batch.length / this.batchSize) },
      (_, i) => i * this.batchSize,
    );
    const runs = await Promise.all(
      starts.map((start) => this.runNetwork(batch.slice(start, start + this.batchSize))),
    );
    return Object.fromEntries(
      this.names.map((end): [FeatureLayer, FeatureMatrix] => {
        const { width } = ENDS[end];
        const data = new Float32Array(batch.length * width);
        for (const [i, start] of starts.entries())
          data.set(
            (runs[i][end].data as Float32Array).subarray(0, (batch.length - start) * width),
            start * width,
          );
        return [end, { data, rows: batch.length, width }];
      }),
    );
  }

  private runNetwork(images: readonly Image[]): Promise<Record<InceptionEnd, ArrayValue>> {
    return this.input.run(images, (batch) => this.program.run({ images: batch }));
  }

  async dispose(): Promise<void> {
    await this.program.dispose();
    await this.input.dispose();
  }
}

function checkEnds(ends: readonly FeatureLayer[]): InceptionEnd[] {
  const names = [...new Set(ends)];
  for (const name of names)
    if (!Object.hasOwn(ENDS, name))
      throw new GanEvalError(
        "usage.feature-end",
        `expected an end of the Inception network (${Object.keys(ENDS).join(", ")}), got ${name}`,
        { hint: "Leave out --feature-end and --logits-end for the usual ones." },
      );
  if (names.length === 0)
    throw new GanEvalError(
      "usage.feature-end",
      "expected at least one end of the Inception network, got none",
    );
  return names as InceptionEnd[];
}

const openNetwork = ({ weights, fillGaps, ...options }: InceptionExtractorOptions): Promise<NetworkModel> =>
  weights === undefined ? readAtFirstUse(options) : readNetwork(weights, fillGaps && { fillGaps });

/**
 * Opens the extractor on an engine. On the CPU the resizing is done before the compiled network, by one exact implementation
 * for every size, so that an image's features do not depend on the sizes beside it; on a device to rounding.
 * The official network is downloaded where it is not installed, unless that is forbidden.
 * @throws GanEvalError `unavailable.inception-weights` where there are none; `input.*` where they are damaged;
 *   `usage.feature-end`, `usage.batch-size`
 */
export async function openInceptionExtractor(
  engine: Engine,
  options: InceptionExtractorOptions = {},
): Promise<FeatureExtractor> {
  const { resize = "tf1", batchSize = 16, ends = ["2048", "logits_unbiased"] } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new GanEvalError("usage.batch-size", `expected a batch size from 1 on, got ${batchSize}`);
  const names = checkEnds(ends);
  const { manifest, weights } = await openNetwork(options);
  const program = await compileInception(engine, weights, { batchSize, resize, ends: names });
  const input = await openImageInput(engine, toForm(resize), batchSize, fillWith(resize));
  return new InceptionExtractor(program, engine, manifest, names, { resize, batchSize, input });
}
