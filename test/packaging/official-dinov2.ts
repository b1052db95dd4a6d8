/** A file as DINOv2's authors write theirs, of the true size of ViT-S/14, with weights that nobody has trained. */
import { type TorchTensor, tensorsToTorchZip } from "../formats/pickle-writer.ts";

const [WIDTH, DEPTH] = [384, 12];

/** Small numbers that repeat nowhere; norms are 1 and scales 0.1. */
function drawTensor(key: string, shape: readonly number[], seed: number): TorchTensor {
  const size = shape.reduce((product, side) => product * side, 1);
  if (/norm\d?\.weight$/.test(key)) return { data: new Float32Array(size).fill(1), shape };
  if (key.endsWith("gamma")) return { data: new Float32Array(size).fill(0.1), shape };
  const data = new Float32Array(size);
  for (let i = 0; i < size; i++) data[i] = 0.04 * (((i + 1) * 0.6180339887 + seed * 0.7548776662) % 1) - 0.02;
  return { data, shape };
}

export function officialDinov2(): Uint8Array {
  const dense = (name: string, out: number, into: number): [string, readonly number[]][] => [
    [`${name}.weight`, [out, into]],
    [`${name}.bias`, [out]],
  ];
  const norm = (name: string): [string, readonly number[]][] => [
    [`${name}.weight`, [WIDTH]],
    [`${name}.bias`, [WIDTH]],
  ];
  const block = (i: number): [string, readonly number[]][] => [
    ...norm(`blocks.${i}.norm1`),
    ...dense(`blocks.${i}.attn.qkv`, 3 * WIDTH, WIDTH),
    ...dense(`blocks.${i}.attn.proj`, WIDTH, WIDTH),
    [`blocks.${i}.ls1.gamma`, [WIDTH]],
    ...norm(`blocks.${i}.norm2`),
    ...dense(`blocks.${i}.mlp.fc1`, 4 * WIDTH, WIDTH),
    ...dense(`blocks.${i}.mlp.fc2`, WIDTH, 4 * WIDTH),
    [`blocks.${i}.ls2.gamma`, [WIDTH]],
  ];
  const shapes: [string, readonly number[]][] = [
    ["cls_token", [1, 1, WIDTH]],
    ["pos_embed", [1, 1370, WIDTH]],
    ["mask_token", [1, WIDTH]],
    ["patch_embed.proj.weight", [WIDTH, 3, 14, 14]],
    ["patch_embed.proj.bias", [WIDTH]],
    ...Array.from({ length: DEPTH }, (_, i) => block(i)).flat(),
    ...norm("norm"),
  ];
  return tensorsToTorchZip(shapes.map(([key, shape], i) => [key, drawTensor(key, shape, i)]));
}
