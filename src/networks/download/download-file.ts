/** Downloads one file: goes on where it stopped, and is there whole and checked or not at all. */
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../../errors.ts";
import type { Progress } from "../../progress.ts";
import { textToRedacted } from "../../redaction.ts";
import { type FileChecksums, fileToChecksums, RunningChecksums } from "./checksums.ts";

/** A file at one place, and how it is known. */
export interface DistributedFile {
  readonly name: string;
  readonly url: string;
  readonly matches: (checksums: FileChecksums) => boolean;
  /** For messages. */
  readonly checksum: string;
  /** Its size, for messages. */
  readonly bytes?: number;
  /** The command that brings it from another machine. */
  readonly importBy: string;
}

export interface DownloadFileOptions {
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** A server that sends more than this is wrong. */
  readonly maxBytes?: number;
}

export interface DownloadedFile {
  readonly location: string;
  readonly checksums: FileChecksums;
}

/** A connection that breaks after it gave something is tried again this often. */
const ATTEMPTS = 5;

const sizeOf = (location: string): Promise<number> =>
  stat(location).then(
    (found) => found.size,
    () => 0,
  );

const failed = ({ url, importBy }: DistributedFile, what: string, cause?: unknown): GanEvalError =>
  new GanEvalError("unavailable.download", `cannot download ${textToRedacted(url)}: ${what}`, {
    hint: `Run the command again to resume the download, or fetch the file on another machine and run \`${importBy}\`.`,
    cause,
  });

const reason = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
};

interface Answer {
  readonly body: AsyncIterable<Uint8Array>;
  /** Where in the file the body begins. */
  readonly start: number;
  /** The whole file's size, 0 where the server does not say. */
  readonly total: number;
}

/** Asks for what is missing after `have` bytes; undefined if the server says there is nothing after them. */
async function request(
  file: DistributedFile,
  have: number,
  options: DownloadFileOptions,
): Promise<Answer | undefined> {
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const answer = await (options.fetch ?? fetch)(file.url, {
    headers,
    ...(options.signal && { signal: options.signal }),
  });
  if (answer.status === 416 && have > 0) {
    await answer.body?.cancel();
    return undefined;
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get("content-range") ?? "");
  const isRest = answer.status === 206 && Number(range?.[1]) === have;
  if (!(answer.status === 200 || isRest) || answer.body === null) {
    await answer.body?.cancel();
    throw failed(file, `the server answered ${answer.status} ${answer.statusText}`.trim());
  }
  const length = Number(answer.headers.get("content-length") ?? 0);
  const total = isRest ? Number(range![2]) || 0 : length;
  return { body: answer.body as unknown as AsyncIterable<Uint8Array>, start: isRest ? have : 0, total };
}

async function receive(
  answer: Answer,
  target: FileHandle,
  file: DistributedFile,
  checksums: RunningChecksums | undefined,
  options: DownloadFileOptions,
): Promise<void> {
  const { maxBytes = Math.max(2 ** 29, 2 * (file.bytes ?? 0)), onProgress } = options;
  let done = answer.start;
  for await (const chunk of answer.body) {
    if (done + chunk.length > maxBytes) throw failed(file, `more than ${maxBytes} bytes`);
    await target.write(chunk, 0, chunk.length, done).catch((cause) => {
      throw new GanEvalError("input.cannot-write", `cannot write ${file.name}: ${(cause as Error).message}`, {
        hint: "Free some space, or choose another --cache-dir.",
        cause,
      });
    });
    checksums?.update(chunk);
    done += chunk.length;
    onProgress?.({ stage: "download", done, total: Math.max(answer.total, done), unit: "bytes" });
  }
  if (done < answer.total) throw new Error(`the connection ended at ${done} of ${answer.total} bytes`);
  await target.truncate(done);
}

/**
 * One connection: the rest of the file, or all of it where the server cannot give parts.
 * @returns the file's checksums where they could be taken on the way: all of it came now, and its size was known
 */
async function downloadRest(
  file: DistributedFile,
  part: string,
  options: DownloadFileOptions,
): Promise<FileChecksums | undefined> {
  const answer = await request(file, await sizeOf(part), options);
  if (answer === undefined) return undefined;
  const { start, total } = answer;
  const target = await open(part, start > 0 ? "r+" : "w");
  const checksums = start === 0 && total > 0 ? new RunningChecksums(total) : undefined;
  try {
    await receive(answer, target, file, checksums, options);
    await target.sync();
    return checksums?.digest();
  } finally {
    await target.close();
  }
}

/** Connections until the file is whole; a broken one that brought something is followed by another. */
async function downloadPart(
  file: DistributedFile,
  part: string,
  options: DownloadFileOptions,
): Promise<FileChecksums | undefined> {
  for (let attempt = 1; ; attempt++) {
    const before = await sizeOf(part);
    try {
      return await downloadRest(file, part, options);
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (cause instanceof GanEvalError) throw cause;
      if ((await sizeOf(part)) <= before || attempt === ATTEMPTS) throw failed(file, reason(cause), cause);
    }
  }
}

/** Of a file that came in parts, once it is whole: its first part was not hashed on the way. */
async function partToChecksums(
  part: string,
  { signal, onProgress }: DownloadFileOptions,
): Promise<FileChecksums> {
  const total = await sizeOf(part);
  const onBytes = (done: number) => onProgress?.({ stage: "check", done, total, unit: "bytes" });
  return fileToChecksums(part, total, { onBytes, signal });
}

/**
 * Downloads a file into a folder. The bytes so far are kept in `<name>.part`, across calls too; the name itself appears
 * when the checksum is right. A part that led to wrong bytes is thrown away and, if it was from an earlier call, the
 * file is fetched once more from its start.
 * @throws GanEvalError `unavailable.download`, `input.download-checksum`, `input.cannot-write`
 */
export async function downloadFile(
  file: DistributedFile,
  folder: string,
  options: DownloadFileOptions = {},
): Promise<DownloadedFile> {
  const whole = path.join(folder, file.name);
  const part = `${whole}.part`;
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw new GanEvalError("input.cannot-write", `cannot write ${folder}: ${cause.message}`, {
      hint: "Choose another --cache-dir.",
      cause,
    });
  });
  for (let resumed = (await sizeOf(part)) > 0; ; resumed = false) {
    const onTheWay = await downloadPart(file, part, options);
    const checksums = onTheWay ?? (await partToChecksums(part, options));
    if (file.matches(checksums)) {
      await rename(part, whole);
      return { location: whole, checksums };
    }
    await rm(part, { force: true });
    if (resumed) continue;
    throw new GanEvalError(
      "input.download-checksum",
      `expected ${file.checksum} of ${textToRedacted(file.url)}, got git blob ${checksums.gitBlob}, sha256 ${checksums.sha256} (${checksums.bytes} bytes)`,
      {
        hint: "The file was changed on the way. Try from another network, or import it from a file.",
      },
    );
  }
}
