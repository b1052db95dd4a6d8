/** A folder's event files as TensorBoard reads them (event_accumulator.py): files by name; a session start drops what is kept from its step on. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import protobuf from "protobufjs";

/** The fields of tensorflow's event.proto and summary.proto that are used. */
export const Event = protobuf
  .parse(
    `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    optional int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
  }
  message SessionLog { enum Status { UNSPECIFIED = 0; START = 1; } Status status = 1; }
  message Summary {
    message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
    message Value { string tag = 1; oneof value { float simple_value = 2; Image image = 4; } }
    repeated Value value = 1;
  }`,
    { keepCase: true },
  )
  .root.lookupType("Event");

interface ReadEvent {
  readonly step: number;
  readonly session_log?: { readonly status: number };
  readonly summary?: { readonly value: readonly { readonly tag: string }[] };
}

function* bytesToEvents(bytes: Buffer): Generator<ReadEvent> {
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    yield Event.toObject(Event.decode(data), { longs: Number, defaults: true }) as ReadEvent;
    at += 16 + length;
  }
}

/** The steps of a tag, as they are kept. */
export async function readScalarSteps(folder: string, tag: string): Promise<number[]> {
  let kept: number[] = [];
  const names = (await readdir(folder)).filter((name) => name.includes("tfevents")).sort();
  for (const name of names)
    for (const { step, session_log, summary } of bytesToEvents(await readFile(path.join(folder, name)))) {
      if (session_log?.status === 1) kept = kept.filter((before) => before < step);
      if (summary?.value.some((value) => value.tag === tag)) kept.push(step);
    }
  return kept;
}
