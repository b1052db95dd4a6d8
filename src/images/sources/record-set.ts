/** Images of one size that lie raw, one after the other: IDX, CIFAR, npz. */

import { channelsToRgb, type Decoded } from "../decode/decode.ts";
import type { ImageNotice } from "../image-notices.ts";
import type { ImageSourceKind } from "../source.ts";
import type { ByteFile } from "./byte-file.ts";
import type { ImageSet } from "./image-set.ts";

/** Where the records of one file lie and how their pixels are laid out. */
export interface RecordFile {
  readonly file: ByteFile;
  readonly count: number;
  /** Bytes before the first record. */
  readonly start: number;
  /** Bytes from one record to the next. */
  readonly stride: number;
  /** Bytes of a record before its pixels (a label). */
  readonly skip: number;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
  readonly channels: number;
  /** Whether each channel lies by itself (CIFAR). */
  readonly planar: boolean;
  /** Before `#index` in names. */
  readonly prefix: string;
}

function planesToInterleaved(bytes: Uint8Array, channels: number): Uint8Array {
  const area = bytes.length / channels;
  const out = new Uint8Array(bytes.length);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < area; i++) out[i * channels + c] = bytes[c * area + i];
  return out;
}

function recordToDecoded(bytes: Uint8Array, file: RecordFile, name: string): Decoded {
  const { width, height, channels, planar } = file;
  const interleaved = planar ? planesToInterleaved(bytes, channels) : bytes;
  const notices: ImageNotice[] = [];
  if (channels <= 2) notices.push("grey");
  if (channels === 2 || channels === 4) notices.push("alpha");
  return { image: { pixels: channelsToRgb(interleaved, channels), width, height, name }, notices };
}

/** The records of several files, one after the other. Those of one file are named `#0`, `#1`, ... */
export function recordsToSet(
  kind: ImageSourceKind,
  location: string,
  files: readonly RecordFile[],
  labels: Int32Array | undefined,
  close: () => Promise<void>,
): ImageSet {
  const starts = files.map((_, i) => files.slice(0, i).reduce((sum, file) => sum + file.count, 0));
  const place = (position: number): readonly [RecordFile, number] => {
    let i = files.length - 1;
    while (starts[i] > position) i--;
    return [files[i], position - starts[i]];
  };
  const name = (position: number): string => {
    const [file, index] = place(position);
    return `${file.prefix}#${index}`;
  };
  return {
    kind,
    location,
    count: files.reduce((sum, file) => sum + file.count, 0),
    ...(labels && { labels }),
    name,
    read(position) {
      const [file, index] = place(position);
      const { width, height, channels } = file;
      return file.file.read(file.start + index * file.stride + file.skip, width * height * channels);
    },
    layout(position) {
      const [{ height, width, channels, planar }] = place(position);
      return `${height}x${width}x${channels}${planar ? " planar" : ""}`;
    },
    inspect(bytes, position) {
      const [file] = place(position);
      return {
        pixelBytes: file.width * file.height * 3,
        decode: async () => recordToDecoded(bytes, file, name(position)),
      };
    },
    close,
  };
}
