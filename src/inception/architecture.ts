/**
 * The Inception network of 2015-12-05 as a table: what every source of weights is held to, and the graph that is run.
 * Source: the node names, shapes and edges of classify_image_graph_def.pb.
 */

export type Padding = "SAME" | "VALID";

export interface Convolution {
  /** The layer's name in the TensorFlow graph: `mixed_9/tower/mixed/conv_1`. */
  readonly name: string;
  readonly input: string;
  /** HWIO. */
  readonly shape: readonly [height: number, width: number, inChannels: number, outChannels: number];
  readonly stride: 1 | 2;
  readonly padding: Padding;
}

export type Layer =
  | ({ readonly kind: "convolution" } & Convolution)
  | {
      readonly kind: "max-pool" | "average-pool";
      readonly name: string;
      readonly input: string;
      readonly size: number;
      readonly stride: 1 | 2;
      readonly padding: Padding;
    }
  | { readonly kind: "concat"; readonly name: string; readonly inputs: readonly string[] };

type Kernel = number | readonly [height: number, width: number];

/** Lists layers while it keeps track of what comes out of each. */
class LayerList {
  readonly layers: Layer[] = [];
  private readonly channels = new Map<string, number>([[INPUT, 3]]);

  convolution(
    name: string,
    input: string,
    kernel: Kernel,
    out: number,
    stride: 1 | 2 = 1,
    padding: Padding = "SAME",
  ): string {
    const [height, width] = typeof kernel === "number" ? [kernel, kernel] : kernel;
    const shape = [height, width, this.channels.get(input)!, out] as const;
    this.layers.push({ kind: "convolution", name, input, shape, stride, padding });
    this.channels.set(name, out);
    return name;
  }

  /** Convolutions one after another: `scope/conv`, `scope/conv_1`, ... */
  tower(scope: string, input: string, steps: readonly (readonly [Kernel, number])[]): string {
    return steps.reduce(
      (x, [kernel, out], i) => this.convolution(`${scope}/conv${i ? `_${i}` : ""}`, x, kernel, out),
      input,
    );
  }

  pool(
    kind: "max-pool" | "average-pool",
    name: string,
    input: string,
    stride: 1 | 2,
    padding: Padding,
    size = 3,
  ): string {
    this.layers.push({ kind, name, input, size, stride, padding });
    this.channels.set(name, this.channels.get(input)!);
    return name;
  }

  concat(name: string, inputs: readonly string[]): string {
    this.layers.push({ kind: "concat", name, inputs });
    this.channels.set(
      name,
      inputs.reduce((sum, input) => sum + this.channels.get(input)!, 0),
    );
    return name;
  }

  /** Half the size: a 3x3 convolution or pool of stride 2. */
  reduce(name: string, input: string, out: number): string {
    return this.convolution(name, input, 3, out, 2, "VALID");
  }
}

/** The network's input: images of 299 x 299, scaled. */
export const INPUT = "input";
export const INPUT_SIZE = 299;
export const CLASSES = 1008;
export const FEATURES = 2048;

/** 35 x 35: 1x1, 5x5, double 3x3, average pool. */
function blockA(list: LayerList, block: string, input: string, poolOut: number): string {
  return list.concat(`${block}/join`, [
    list.convolution(`${block}/conv`, input, 1, 64),
    list.tower(`${block}/tower`, input, [
      [1, 48],
      [5, 64],
    ]),
    list.tower(`${block}/tower_1`, input, [
      [1, 64],
      [3, 96],
      [3, 96],
    ]),
    list.tower(`${block}/tower_2`, list.pool("average-pool", `${block}/tower_2/pool`, input, 1, "SAME"), [
      [1, poolOut],
    ]),
  ]);
}

/** 35 to 17. */
function blockB(list: LayerList, block: string, input: string): string {
  return list.concat(`${block}/join`, [
    list.reduce(`${block}/conv`, input, 384),
    list.reduce(
      `${block}/tower/conv_2`,
      list.tower(`${block}/tower`, input, [
        [1, 64],
        [3, 96],
      ]),
      96,
    ),
    list.pool("max-pool", `${block}/pool`, input, 2, "VALID"),
  ]);
}

const ROW: Kernel = [1, 7];
const COLUMN: Kernel = [7, 1];

/** 17 x 17: 1x1, factored 7x7, double factored 7x7, average pool. */
function blockC(list: LayerList, block: string, input: string, c: number): string {
  return list.concat(`${block}/join`, [
    list.convolution(`${block}/conv`, input, 1, 192),
    list.tower(`${block}/tower`, input, [
      [1, c],
      [ROW, c],
      [COLUMN, 192],
    ]),
    list.tower(`${block}/tower_1`, input, [
      [1, c],
      [COLUMN, c],
      [ROW, c],
      [COLUMN, c],
      [ROW, 192],
    ]),
    list.tower(`${block}/tower_2`, list.pool("average-pool", `${block}/tower_2/pool`, input, 1, "SAME"), [
      [1, 192],
    ]),
  ]);
}

/** 17 to 8. */
function blockD(list: LayerList, block: string, input: string): string {
  const sevens = [
    [1, 192],
    [ROW, 192],
    [COLUMN, 192],
  ] as const;
  return list.concat(`${block}/join`, [
    list.reduce(`${block}/tower/conv_1`, list.tower(`${block}/tower`, input, [[1, 192]]), 320),
    list.reduce(`${block}/tower_1/conv_3`, list.tower(`${block}/tower_1`, input, sevens), 192),
    list.pool("max-pool", `${block}/pool`, input, 2, "VALID"),
  ]);
}

/** 8 x 8: 1x1, split 3x3, double split 3x3, pool. The last block's pool is a maximum: kept as its authors trained it. */
function blockE(list: LayerList, block: string, input: string, pool: "max-pool" | "average-pool"): string {
  const split = (scope: string, x: string) => [
    list.convolution(`${scope}/mixed/conv`, x, [1, 3], 384),
    list.convolution(`${scope}/mixed/conv_1`, x, [3, 1], 384),
  ];
  return list.concat(`${block}/join`, [
    list.convolution(`${block}/conv`, input, 1, 320),
    ...split(`${block}/tower`, list.tower(`${block}/tower`, input, [[1, 384]])),
    ...split(
      `${block}/tower_1`,
      list.tower(`${block}/tower_1`, input, [
        [1, 448],
        [3, 384],
      ]),
    ),
    list.tower(`${block}/tower_2`, list.pool(pool, `${block}/tower_2/pool`, input, 1, "SAME"), [[1, 192]]),
  ]);
}

function inceptionLayers(): readonly Layer[] {
  const list = new LayerList();
  let x = list.convolution("conv", INPUT, 3, 32, 2, "VALID");
  x = list.convolution("conv_1", x, 3, 32, 1, "VALID");
  x = list.convolution("conv_2", x, 3, 64);
  x = list.pool("max-pool", "pool", x, 2, "VALID");
  x = list.convolution("conv_3", x, 1, 80);
  x = list.convolution("conv_4", x, 3, 192, 1, "VALID");
  x = list.pool("max-pool", "pool_1", x, 2, "VALID");
  x = blockA(list, "mixed", x, 32);
  x = blockA(list, "mixed_1", x, 64);
  x = blockA(list, "mixed_2", x, 64);
  x = blockB(list, "mixed_3", x);
  for (const [block, c] of [
    ["mixed_4", 128],
    ["mixed_5", 160],
    ["mixed_6", 160],
    ["mixed_7", 192],
  ] as const)
    x = blockC(list, block, x, c);
  x = blockD(list, "mixed_8", x);
  x = blockE(list, "mixed_9", x, "average-pool");
  x = blockE(list, "mixed_10", x, "max-pool");
  list.pool("average-pool", "pool_3", x, 1, "VALID", 8);
  return list.layers;
}

/** In the order in which they run. */
export const LAYERS: readonly Layer[] = inceptionLayers();

export const CONVOLUTIONS: readonly Convolution[] = LAYERS.filter((layer) => layer.kind === "convolution");

/** A tensor of the network, batch norm folded. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Terms in each output's sum. */
  readonly fanIn: number;
}

/**
 * Every weight in the network's own order: of each convolution `<layer>/weights` (HWIO) and `<layer>/biases`, then
 * `softmax/weights` [2048, 1008] and `softmax/biases`. Files are written in this order and gaps are filled in it.
 */
export const WEIGHTS: readonly WeightSpec[] = [
  ...CONVOLUTIONS.flatMap(({ name, shape }) => {
    const fanIn = shape[0] * shape[1] * shape[2];
    return [
      { name: `${name}/weights`, shape, fanIn },
      { name: `${name}/biases`, shape: [shape[3]], fanIn },
    ];
  }),
  { name: "softmax/weights", shape: [FEATURES, CLASSES], fanIn: FEATURES },
  { name: "softmax/biases", shape: [CLASSES], fanIn: FEATURES },
];

/** Row-major float32 by name, one for each of WEIGHTS. */
export type InceptionWeights = ReadonlyMap<string, Float32Array>;
