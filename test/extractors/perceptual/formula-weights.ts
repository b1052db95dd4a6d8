/** State dicts by the formula of bench/peers/paired_peer.py, and files of them. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { isConvolution, type NetworkLayer } from "../../../src/extractors/perceptual/layers.ts";
import { ProtobufWriter } from "../../../src/formats/protobuf-writer.ts";
import { safetensorsToBytes, type WritableTensor } from "../../../src/formats/safetensors.ts";
import { hashed } from "../../metrics/paired-images.ts";

export type Tensors = Map<string, WritableTensor & { readonly data: Float32Array }>;

/** The weights of a list's convolutions, numbered as in the state dict. */
export function layersToTensors(layers: readonly NetworkLayer[]): Tensors {
  const tensors: Tensors = new Map();
  for (const { key, filter } of layers.filter(isConvolution)) {
    const [height, width, into, out] = filter;
    const index = Number(key.replace("features.", ""));
    const scale = Math.fround(Math.sqrt(24 / (height * width * into)));
    tensors.set(`${key}.weight`, {
      data: hashed(out * into * height * width, 2 * index + 1).map((value) => value * scale),
      shape: [out, into, height, width],
    });
    tensors.set(`${key}.bias`, {
      data: hashed(out, 2 * index + 2).map((value) => value * Math.fround(0.1)),
      shape: [out],
    });
  }
  return tensors;
}

/** LPIPS's weights of the taps' channels, as the lpips package names them. */
export const channelsToLin = (channels: readonly number[]): Tensors =>
  new Map(
    channels.map((count, i) => [
      `lin${i}.model.1.weight`,
      { data: hashed(count, 100 + i).map((value) => value + 0.5), shape: [1, count, 1, 1] },
    ]),
  );

export function writeSafetensors(folder: string, name: string, tensors: Tensors): string {
  const file = path.join(folder, name);
  writeFileSync(file, safetensorsToBytes(tensors));
  return file;
}

/** A model of initialisers alone: ModelProto { ir_version 1, graph 7 { initializer 5 { dims 1, data_type 2, name 8, raw_data 9 }}} */
export function writeOnnx(folder: string, name: string, tensors: Tensors): string {
  const graph = new ProtobufWriter();
  for (const [label, { data, shape }] of tensors) {
    const array = new ProtobufWriter();
    for (const side of shape) array.integer(1, side);
    array.integer(2, 1).string(8, label);
    array.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    graph.message(5, array);
  }
  const file = path.join(folder, name);
  writeFileSync(file, new ProtobufWriter().integer(1, 8).message(7, graph).finish());
  return file;
}
