/** What the weights of vision transformers are called here, and in the files that people have of them. */
import type { NetworkArchitecture } from "../table.ts";

type Transformer = Extract<NetworkArchitecture, { kind: "dinov2" | "clip" }>;

/** A weight as the functions of tensors know it. */
export interface WeightRow {
  /** `blocks.3.fc1.weight` */
  readonly name: string;
  /** `blocks.N.fc1.*`: its row in a naming. */
  readonly stem: string;
  readonly block?: number;
  readonly part?: "weight" | "bias";
  readonly shape: readonly number[];
}

/** Where a file keeps a weight. */
export interface StoredPlace {
  readonly key: string;
  /** The weight is one of three, one below the other: query, key, value. */
  readonly third?: 0 | 1 | 2;
  /** Kept as `[in, out]`. */
  readonly transposed?: true;
}

/** Someone's names of the weights, by stem: N stands for the block, * for weight or bias. */
export interface Naming {
  /** Whose. */
  readonly title: string;
  /** A key that is in no file of another naming. */
  readonly sign: string;
  readonly places: Readonly<Record<string, string | StoredPlace>>;
}

const third = (key: string, of: 0 | 1 | 2): StoredPlace => ({ key, third: of });

const DINOV2: Naming = {
  title: "DINOv2's own",
  sign: "cls_token",
  places: {
    class: "cls_token",
    positions: "pos_embed",
    "patch.*": "patch_embed.proj.*",
    "blocks.N.norm1.*": "blocks.N.norm1.*",
    "blocks.N.query.*": third("blocks.N.attn.qkv.*", 0),
    "blocks.N.key.*": third("blocks.N.attn.qkv.*", 1),
    "blocks.N.value.*": third("blocks.N.attn.qkv.*", 2),
    "blocks.N.proj.*": "blocks.N.attn.proj.*",
    "blocks.N.scale1": "blocks.N.ls1.gamma",
    "blocks.N.norm2.*": "blocks.N.norm2.*",
    "blocks.N.fc1.*": "blocks.N.mlp.fc1.*",
    "blocks.N.fc2.*": "blocks.N.mlp.fc2.*",
    "blocks.N.scale2": "blocks.N.ls2.gamma",
    "norm.*": "norm.*",
  },
};

/** transformers' Dinov2Model. */
const DINOV2_OF_HUGGING_FACE: Naming = {
  title: "Hugging Face's",
  sign: "embeddings.cls_token",
  places: {
    class: "embeddings.cls_token",
    positions: "embeddings.position_embeddings",
    "patch.*": "embeddings.patch_embeddings.projection.*",
    "blocks.N.norm1.*": "encoder.layer.N.norm1.*",
    "blocks.N.query.*": "encoder.layer.N.attention.attention.query.*",
    "blocks.N.key.*": "encoder.layer.N.attention.attention.key.*",
    "blocks.N.value.*": "encoder.layer.N.attention.attention.value.*",
    "blocks.N.proj.*": "encoder.layer.N.attention.output.dense.*",
    "blocks.N.scale1": "encoder.layer.N.layer_scale1.lambda1",
    "blocks.N.norm2.*": "encoder.layer.N.norm2.*",
    "blocks.N.fc1.*": "encoder.layer.N.mlp.fc1.*",
    "blocks.N.fc2.*": "encoder.layer.N.mlp.fc2.*",
    "blocks.N.scale2": "encoder.layer.N.layer_scale2.lambda1",
    "norm.*": "layernorm.*",
  },
};

/** transformers' CLIPModel and CLIPVisionModelWithProjection; "pre_layrnorm" is how they spell it. */
const CLIP_OF_HUGGING_FACE: Naming = {
  title: "Hugging Face's",
  sign: "vision_model.embeddings.class_embedding",
  places: {
    class: "vision_model.embeddings.class_embedding",
    positions: "vision_model.embeddings.position_embedding.weight",
    "patch.*": "vision_model.embeddings.patch_embedding.*",
    "pre.*": "vision_model.pre_layrnorm.*",
    "blocks.N.norm1.*": "vision_model.encoder.layers.N.layer_norm1.*",
    "blocks.N.query.*": "vision_model.encoder.layers.N.self_attn.q_proj.*",
    "blocks.N.key.*": "vision_model.encoder.layers.N.self_attn.k_proj.*",
    "blocks.N.value.*": "vision_model.encoder.layers.N.self_attn.v_proj.*",
    "blocks.N.proj.*": "vision_model.encoder.layers.N.self_attn.out_proj.*",
    "blocks.N.norm2.*": "vision_model.encoder.layers.N.layer_norm2.*",
    "blocks.N.fc1.*": "vision_model.encoder.layers.N.mlp.fc1.*",
    "blocks.N.fc2.*": "vision_model.encoder.layers.N.mlp.fc2.*",
    "norm.*": "vision_model.post_layernorm.*",
    projection: "visual_projection.weight",
  },
};

/** OpenAI's, which OpenCLIP keeps. */
const CLIP_OF_OPENAI: Naming = {
  title: "OpenAI's",
  sign: "visual.class_embedding",
  places: {
    class: "visual.class_embedding",
    positions: "visual.positional_embedding",
    "patch.*": "visual.conv1.*",
    "pre.*": "visual.ln_pre.*",
    "blocks.N.norm1.*": "visual.transformer.resblocks.N.ln_1.*",
    "blocks.N.query.*": third("visual.transformer.resblocks.N.attn.in_proj_*", 0),
    "blocks.N.key.*": third("visual.transformer.resblocks.N.attn.in_proj_*", 1),
    "blocks.N.value.*": third("visual.transformer.resblocks.N.attn.in_proj_*", 2),
    "blocks.N.proj.*": "visual.transformer.resblocks.N.attn.out_proj.*",
    "blocks.N.norm2.*": "visual.transformer.resblocks.N.ln_2.*",
    "blocks.N.fc1.*": "visual.transformer.resblocks.N.mlp.c_fc.*",
    "blocks.N.fc2.*": "visual.transformer.resblocks.N.mlp.c_proj.*",
    "norm.*": "visual.ln_post.*",
    projection: { key: "visual.proj", transposed: true },
  },
};

/** The first is the official file's. */
export const NAMINGS: Readonly<Record<Transformer["kind"], readonly [Naming, ...Naming[]]>> = {
  dinov2: [DINOV2, DINOV2_OF_HUGGING_FACE],
  clip: [CLIP_OF_HUGGING_FACE, CLIP_OF_OPENAI],
};

/** Layers of a block that have weights and a bias: [out, in] in widths; norms have one number a channel of both. */
const DENSE = { query: [1, 1], key: [1, 1], value: [1, 1], proj: [1, 1], fc1: [4, 1], fc2: [1, 4] } as const;

/** Every weight of an architecture, with its shape. */
export function architectureToWeights(architecture: Transformer): readonly WeightRow[] {
  const { kind, width, depth, patch, grid } = architecture;
  const alone = (name: string, shape: readonly number[]): WeightRow => ({ name, stem: name, shape });
  const both = (name: string, shape: readonly number[], place: Partial<WeightRow> = {}): WeightRow[] =>
    (["weight", "bias"] as const).map((part) => ({
      ...{ name: `${name}.${part}`, stem: `${name}.*`, part },
      shape: part === "weight" ? shape : [shape[0]!],
      ...place,
    }));
  const ofBlock = (block: number): WeightRow[] => {
    const placed = ({ name, stem, ...row }: WeightRow): WeightRow => ({
      ...row,
      ...{ block, name: `blocks.${block}.${name}`, stem: `blocks.N.${stem}` },
    });
    const dense = Object.entries(DENSE).flatMap(([name, [out, into]]) =>
      both(name, [out * width, into * width]),
    );
    const norms = ["norm1", "norm2"].flatMap((name) => both(name, [width]));
    const scales = kind === "dinov2" ? ["scale1", "scale2"].map((name) => alone(name, [width])) : [];
    return [...norms, ...dense, ...scales].map(placed);
  };
  const patches = both("patch", [width, 3, patch, patch]);
  return [
    alone("class", [width]),
    alone("positions", [1 + grid * grid, width]),
    ...(kind === "dinov2" ? patches : patches.slice(0, 1)),
    ...(kind === "clip" ? both("pre", [width]) : []),
    ...Array.from({ length: depth }, (_, block) => ofBlock(block)).flat(),
    ...both("norm", [width]),
    ...(kind === "clip" ? [alone("projection", [architecture.projection, width])] : []),
  ];
}

/** Where a naming keeps a weight. */
export function weightToPlace({ stem, block, part }: WeightRow, naming: Naming): StoredPlace {
  const place = naming.places[stem]!;
  const spelled = (key: string) => key.replace(".N.", `.${block}.`).replace("*", part ?? "");
  return typeof place === "string" ? { key: spelled(place) } : { ...place, key: spelled(place.key) };
}
