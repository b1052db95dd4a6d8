/** A file from the first place that gives it, into a folder that one process at a time downloads into. */
import { mkdir } from "node:fs/promises";
import { GanEvalError, isCode } from "../../errors.ts";
import { openFetch, type Patience } from "../../files/open-fetch.ts";
import { addressToRequest } from "../../files/url-credentials.ts";
import {
  type DistributedFile,
  type DownloadedFile,
  type DownloadFileOptions,
  downloadFile,
} from "./download-file.ts";
import { lockDownloads } from "./download-lock.ts";

/** What a download is of, in words. */
export interface Subject {
  /** `the Inception network of 2015-12-05` */
  readonly what: string;
  readonly licence: string;
  /** Where a place does not say: `about 90 MB`. */
  readonly size?: string;
  /** The cache folder, for the line that announces the download. */
  readonly into: string;
}

export interface DownloadFromAnyOptions extends DownloadFileOptions {
  readonly patience?: Patience;
  /** Nobody asked for the download by name: the line says what forbids it. */
  readonly isUnasked?: boolean;
  /** Before a place is asked for the file; a GanEvalError of it has the next place asked. */
  readonly beforehand?: (file: DistributedFile) => Promise<void>;
}

/** For who did not ask for the download by name. */
const FORBIDDEN_BY = "; --offline or GAN_EVAL_OFFLINE=1 forbids it";

/** What to do about a server that has another file than the pinned one. */
export const OTHER_FILE =
  "A server sent another file than gan-eval knows, and nothing of it was kept. A proxy or a login page in between does that: try from another network. If it stays so, compare both hashes with what the publisher says.";

const sizeToText = ({ bytes }: DistributedFile, { size = "size unknown" }: Subject): string =>
  bytes === undefined ? size : `${Math.round(bytes / 2 ** 20)} MiB`;

/** What is fetched, how large it is, from where, under which licence. */
const fileToNotice = (file: DistributedFile, subject: Subject): string =>
  `downloading ${subject.what} (${sizeToText(file, subject)}, ${subject.licence}) from ${new URL(file.url).host} into ${subject.into}`;

/**
 * Tries places in their order; what one gave in part is kept.
 * @throws GanEvalError `unavailable.download` saying what each place answered, `input.cannot-write`
 */
export async function downloadFromAny(
  files: readonly DistributedFile[],
  folder: string,
  subject: Subject,
  options: DownloadFromAnyOptions,
): Promise<DownloadedFile & { readonly file: DistributedFile }> {
  const failures: GanEvalError[] = [];
  for (const file of files) {
    options.onProgress?.({
      stage: "download",
      done: 0,
      total: file.bytes ?? 0,
      unit: "bytes",
      notice:
        failures.length > 0
          ? `unavailable there; trying ${new URL(file.url).host} (${sizeToText(file, subject)})`
          : fileToNotice(file, subject) + (options.isUnasked ? FORBIDDEN_BY : ""),
    });
    try {
      await options.beforehand?.(file);
      return { file, ...(await downloadFile(file, folder, options)) };
    } catch (error) {
      if (!(error instanceof GanEvalError) || isCode(error, "input.cannot-write")) throw error;
      failures.push(error);
    }
  }
  const other = failures.find((failure) => isCode(failure, "input.download-checksum"));
  const reasons = failures.map(({ message }) => message).join("; ");
  throw new GanEvalError(
    "unavailable.download",
    files.length === 1
      ? reasons
      : `expected the network from one of ${files.length} servers, got: ${reasons}`,
    {
      hint: [
        `Run it again with a working connection (it resumes where it stopped), or fetch the file elsewhere and run \`${files[0]?.importBy}\`.`,
        ...(other === undefined ? [] : [OTHER_FILE]),
      ].join("\n"),
      cause: other ?? failures[0],
    },
  );
}

/** A lab's mirror may want a password, which stands in its address. */
const withCredentials = (fetchPlainly: typeof fetch): typeof fetch =>
  ((address: string, init: RequestInit = {}) => {
    const { url, headers } = addressToRequest(address);
    return fetchPlainly(url, { ...init, headers: { ...(init.headers as object), ...headers } });
  }) as typeof fetch;

/**
 * Does a piece of work with downloads while no other process downloads into the folder, which is made where it is not.
 * @param work is given what downloads go through: the `fetch` of the options, else one that knows proxies
 * @throws GanEvalError `input.cannot-write`, and what the lock and the work throw
 */
export async function withDownloads<Result>(
  folder: string,
  what: string,
  options: DownloadFromAnyOptions,
  work: (through: DownloadFromAnyOptions & { readonly fetch: typeof fetch }) => Promise<Result>,
): Promise<Result> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw new GanEvalError("input.cannot-write", `cannot write ${folder}: ${cause.message}`, {
      hint: "Choose another --cache-dir.",
      cause,
    });
  });
  const { signal, onProgress } = options;
  const unlock = await lockDownloads(folder, {
    what,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  const opened = options.fetch ? undefined : await openFetch(options.patience);
  try {
    return await work({ ...options, fetch: withCredentials(options.fetch ?? opened!.fetch) });
  } finally {
    await opened?.close();
    await unlock();
  }
}
