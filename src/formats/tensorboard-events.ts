/**
 * TensorBoard's event files: Event messages in TFRecord frames. Sources: tensorflow/core/util/event.proto,
 * framework/summary.proto and lib/io/record_writer.h.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { cannotWrite } from "../files/atomic-file.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import { bytesToCrc32c } from "./crc32c.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { EVENT_FILES, latestSecond, latestWallTime, secondsToName } from "./tensorboard-order.ts";

const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simpleValue: 2, image: 4 } as const;
const IMAGE = { height: 1, width: 2, colorspace: 3, encoded: 4 } as const;
const SESSION_LOG = { status: 1 } as const;
const SESSION_START = 1;

/** A checksum of data that hold checksums is weak: record_writer.h rotates it and adds a constant. */
const crcToMasked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

/** One TFRecord: length (64 bits), masked CRC-32C of the length, data, masked CRC-32C of the data; little-endian. */
function bytesToRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(16 + data.length);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(crcToMasked(bytesToCrc32c(record.subarray(0, 8))), 8);
  record.set(data, 12);
  record.writeUInt32LE(crcToMasked(bytesToCrc32c(data)), 12 + data.length);
  return record;
}

export interface EventImage {
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  readonly channels: number;
}

export interface EventFileOptions {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Part of the file's name (default: this machine's). */
  readonly host?: string;
  /** Milliseconds for durations (default: a clock that is never set). */
  readonly steadyClock?: () => number;
  /** The first step that the run plays (default 0): what earlier files in the folder say of it and later ones is void. */
  readonly resumedAt?: number;
}

/** Records are written through, each by itself: a run that is killed loses none. */
export interface EventFile {
  readonly location: string;
  /** Values by tag, such as `loss/generator`; a tag's first part groups charts. Kept in single precision. */
  scalars(step: number, values: Readonly<Record<string, number>>): void;
  /** A PNG file. */
  image(step: number, tag: string, png: Uint8Array, image: EventImage): void;
  /** Plays again from `step` on: what was said of it and of later steps is void. */
  goBackTo(step: number): void;
  close(): void;
}

function valuesToSummary(values: Readonly<Record<string, number>>): ProtobufWriter {
  const summary = new ProtobufWriter();
  for (const [tag, value] of Object.entries(values))
    summary.message(
      SUMMARY.value,
      new ProtobufWriter().string(VALUE.tag, tag).float(VALUE.simpleValue, value),
    );
  return summary;
}

function imageToSummary(tag: string, png: Uint8Array, image: EventImage): ProtobufWriter {
  const message = new ProtobufWriter()
    .integer(IMAGE.height, image.height)
    .integer(IMAGE.width, image.width)
    .integer(IMAGE.colorspace, image.channels)
    .bytes(IMAGE.encoded, png);
  return new ProtobufWriter().message(
    SUMMARY.value,
    new ProtobufWriter().string(VALUE.tag, tag).message(VALUE.image, message),
  );
}

/** Opens a file that is not there yet, behind those that are there. */
function openNew(folder: string, seconds: number, host: string) {
  try {
    mkdirSync(folder, { recursive: true });
    const stem = `${EVENT_FILES}${secondsToName(Math.max(seconds, latestSecond(folder) + 1))}.${host}`;
    for (let n = 0; ; n++) {
      const location = path.join(folder, `${stem}.${n}`);
      try {
        return { location, file: openSync(location, "ax") };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/**
 * Seconds since 1970 that never fall: where the clock is set back, they go on from where they were. TensorBoard shows
 * values over them, and differences as durations.
 */
function openWallClock(
  { clock, steadyClock = ownSteadyClock }: EventFileOptions,
  since: number,
): () => number {
  let [last, at] = [since, steadyClock()];
  return () => {
    const now = steadyClock();
    last = Math.max(clock() / 1000, last + (now - at) / 1000);
    at = now;
    return last;
  };
}

class AppendedEventFile implements EventFile {
  readonly location: string;
  private readonly clock: () => number;
  private file: number | undefined;

  /** @param clock seconds since 1970, never falling */
  constructor(location: string, file: number, clock: () => number) {
    this.location = location;
    this.file = file;
    this.clock = clock;
  }

  scalars(step: number, values: Readonly<Record<string, number>>): void {
    if (Object.keys(values).length > 0)
      this.append(step, (event) => event.message(EVENT.summary, valuesToSummary(values)));
  }

  image(step: number, tag: string, png: Uint8Array, image: EventImage): void {
    this.append(step, (event) => event.message(EVENT.summary, imageToSummary(tag, png, image)));
  }

  begin(resumedAt: number): void {
    this.append(0, (event) => event.string(EVENT.fileVersion, "brain.Event:2"));
    // TensorBoard takes every such record but the first of a folder for a restart: each file needs one.
    this.goBackTo(resumedAt);
  }

  goBackTo(step: number): void {
    // At the start of a session TensorBoard drops what it has of that step and later ones (event_accumulator.py).
    const start = new ProtobufWriter().integer(SESSION_LOG.status, SESSION_START);
    this.append(step, (event) => event.message(EVENT.sessionLog, start));
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private append(step: number, fill: (event: ProtobufWriter) => void): void {
    if (this.file === undefined)
      throw new GanEvalError("usage.closed", `expected an open event file, got ${this.location} closed`);
    if (!Number.isSafeInteger(step) || step < 0)
      throw new GanEvalError("usage.step", `expected a step 0, 1, ... for ${this.location}, got ${step}`);
    const event = new ProtobufWriter().double(EVENT.wallTime, this.clock()).integer(EVENT.step, step);
    fill(event);
    const record = bytesToRecord(event.finish());
    try {
      for (let at = 0; at < record.length; ) at += writeSync(this.file, record, at);
    } catch (error) {
      throw cannotWrite(this.location, error);
    }
  }
}

/**
 * Begins an event file, `events.out.tfevents.<seconds>.<host>.<n>`, in a folder, which is made if it is absent.
 * `tensorboard --logdir FOLDER` shows it while it grows.
 *
 * @throws GanEvalError `input.cannot-write`; `usage.step` for a step that is no whole number from 0 on
 */
export function openEventFile(folder: string, options: EventFileOptions): EventFile {
  const { clock, host = hostname(), resumedAt = 0 } = options;
  const { location, file } = openNew(folder, clock() / 1000, host);
  const wallClock = openWallClock(options, latestWallTime(folder));
  const events = new AppendedEventFile(location, file, wallClock);
  try {
    events.begin(resumedAt);
    return events;
  } catch (error) {
    events.close();
    throw error;
  }
}
