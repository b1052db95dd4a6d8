/** The distributed files of the network and how they are known. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { GanEvalError } from "../errors.ts";

export interface FileChecksums {
  readonly bytes: number;
  readonly sha256: string;
  /** The name git gives the content: sha1 of `blob <length>\0` and the bytes. */
  readonly gitBlob: string;
}

export interface OfficialFile {
  readonly name: string;
  readonly url: string;
  readonly matches: (checksums: FileChecksums) => boolean;
  /** For messages. */
  readonly checksum: string;
  /** Its size, for messages. */
  readonly bytes?: number;
}

const TGZ_BLOB = "c0b8db7a2feaf3e26970e968c9bb7452b53e7f32";
const PB_BLOB = "f34cb9b774a4547b5e214ef4202e5775a9c0f436";
/** PyTorch's convention: the file's name ends in the first eight digits of its sha256. */
const PTH_SHA256 = "6726825d";

/** Where `gan-eval inception download` looks, in this order. Both files hold the same weights. */
export const OFFICIAL_FILES: readonly OfficialFile[] = [
  {
    name: "inception-2015-12-05.tgz",
    url: "http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz",
    matches: ({ gitBlob }) => gitBlob === TGZ_BLOB,
    checksum: `git blob ${TGZ_BLOB}`,
    bytes: 88_931_400,
  },
  {
    name: "pt_inception-2015-12-05-6726825d.pth",
    url: "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
    matches: ({ sha256 }) => sha256.startsWith(PTH_SHA256),
    checksum: `sha256 ${PTH_SHA256}...`,
    bytes: 95_628_359,
  },
];

/**
 * One of the official files at another place, whatever it is called there.
 * @throws GanEvalError `usage.inception-url`
 */
export function mirrorToFile(url: string): OfficialFile {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new GanEvalError(
      "usage.inception-url",
      `expected an http or https address in GAN_EVAL_INCEPTION_URL, got ${url}`,
      { hint: "Set it to the address of a copy of inception-2015-12-05.tgz or of pytorch-fid's .pth." },
    );
  return {
    name: "mirrored-inception",
    url,
    matches: isOfficial,
    checksum: OFFICIAL_FILES.map(({ checksum }) => checksum).join(" or "),
  };
}

/** Whether a file is one of those that the network's publishers, or pytorch-fid, distribute. */
export const isOfficial = (checksums: FileChecksums): boolean =>
  checksums.gitBlob === PB_BLOB || OFFICIAL_FILES.some((file) => file.matches(checksums));

/** Checksums of bytes that come in pieces; git's needs the length before them. */
export class RunningChecksums {
  private readonly bytes: number;
  private readonly sha256 = createHash("sha256");
  private readonly blob;

  constructor(bytes: number) {
    this.bytes = bytes;
    this.blob = createHash("sha1").update(`blob ${bytes}\0`);
  }

  update(chunk: Uint8Array): void {
    this.sha256.update(chunk);
    this.blob.update(chunk);
  }

  digest(): FileChecksums {
    return { bytes: this.bytes, sha256: this.sha256.digest("hex"), gitBlob: this.blob.digest("hex") };
  }
}

async function chunksToChecksums(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytes: number,
): Promise<FileChecksums> {
  const running = new RunningChecksums(bytes);
  for await (const chunk of chunks) running.update(chunk);
  return running.digest();
}

/** @throws GanEvalError `input.cannot-read` */
export async function fileToChecksums(location: string, bytes: number): Promise<FileChecksums> {
  try {
    return await chunksToChecksums(createReadStream(location, { highWaterMark: 2 ** 20 }), bytes);
  } catch (cause) {
    throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${(cause as Error).message}`, {
      hint: "Check that the path exists and that you may read it.",
      cause,
    });
  }
}

export const bytesToChecksums = (bytes: Uint8Array): Promise<FileChecksums> =>
  chunksToChecksums([bytes], bytes.length);
