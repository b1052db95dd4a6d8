/** The distributed files of the network and how they are known. */
import { GanEvalError } from "../errors.ts";
import type { FileChecksums } from "../networks/download/checksums.ts";
import type { DistributedFile } from "../networks/download/download-file.ts";

/** How the network is brought from another machine. */
const IMPORT = "gan-eval inception import FILE";

const TGZ_BLOB = "c0b8db7a2feaf3e26970e968c9bb7452b53e7f32";
const PB_BLOB = "f34cb9b774a4547b5e214ef4202e5775a9c0f436";
/** PyTorch's convention: the file's name ends in the first eight digits of its sha256. */
const PTH_SHA256 = "6726825d";

/** Where `gan-eval inception download` looks, in this order. Both files hold the same weights. */
export const OFFICIAL_FILES: readonly DistributedFile[] = [
  {
    name: "inception-2015-12-05.tgz",
    url: "http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz",
    matches: ({ gitBlob }) => gitBlob === TGZ_BLOB,
    checksum: `git blob ${TGZ_BLOB}`,
    bytes: 88_931_400,
    importBy: IMPORT,
  },
  {
    name: "pt_inception-2015-12-05-6726825d.pth",
    url: "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
    matches: ({ sha256 }) => sha256.startsWith(PTH_SHA256),
    checksum: `sha256 ${PTH_SHA256}...`,
    bytes: 95_628_359,
    importBy: IMPORT,
  },
];

/**
 * One of the official files at another place, whatever it is called there.
 * @throws GanEvalError `usage.inception-url`
 */
export function mirrorToFile(url: string): DistributedFile {
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
    importBy: IMPORT,
  };
}

/** Whether a file is one of those that the network's publishers, or pytorch-fid, distribute. */
export const isOfficial = (checksums: FileChecksums): boolean =>
  checksums.gitBlob === PB_BLOB || OFFICIAL_FILES.some((file) => file.matches(checksums));
