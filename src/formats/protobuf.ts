/**
 * Reads protobuf's wire format (protobuf.dev/programming-guides/encoding), field by field, without a schema. Nothing is
 * copied and nothing is allocated by a length that the bytes do not have.
 */
import { GanEvalError } from "../errors.ts";

/** What a field holds: `varint` as 64 bits, `fixed32` and `fixed64` as their bytes, `bytes` for strings and messages. */
export type FieldValue =
  | { readonly wire: "varint"; readonly value: bigint }
  | { readonly wire: "fixed64" | "fixed32" | "bytes"; readonly bytes: Uint8Array };

export type Field = FieldValue & { readonly field: number };

const WIRES = { 0: "varint", 1: "fixed64", 2: "bytes", 5: "fixed32" } as const;

export const damagedProtobuf = (location: string, what: string): GanEvalError =>
  new GanEvalError("input.protobuf", `expected a protobuf message in ${location}, got ${what}`, {
    hint: "The file is damaged, truncated or of another kind; copy it again.",
  });

/** Reads varints one after another. */
class VarintReader {
  readonly bytes: Uint8Array;
  private readonly location: string;
  at = 0;

  constructor(bytes: Uint8Array, location: string) {
    this.bytes = bytes;
    this.location = location;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): bigint {
    // The common short ones without bigints.
    const first = this.bytes[this.at];
    if (first < 0x80) {
      this.at++;
      return BigInt(first);
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.done) throw damagedProtobuf(this.location, "the end of the data within a number");
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw damagedProtobuf(this.location, "a number of more than 64 bits");
  }

  /** The next `length` bytes, not copied. */
  take(length: bigint): Uint8Array {
    if (length > BigInt(this.bytes.length - this.at))
      throw damagedProtobuf(
        this.location,
        `a field of ${length} bytes with ${this.bytes.length - this.at} left`,
      );
    const from = this.at;
    this.at += Number(length);
    return this.bytes.subarray(from, this.at);
  }
}

/**
 * The fields of a message in the order of the bytes.
 * @throws GanEvalError `input.protobuf` where the bytes are no message
 */
export function* bytesToFields(bytes: Uint8Array, location: string): Generator<Field> {
  const reader = new VarintReader(bytes, location);
  while (!reader.done) {
    const tag = reader.next();
    const field = Number(tag >> 3n);
    const wire = WIRES[Number(tag & 7n) as 0];
    if (wire === undefined || field === 0 || field >= 2 ** 29)
      throw damagedProtobuf(location, `the tag ${tag}`);
    if (wire === "varint") yield { field, wire, value: reader.next() };
    else {
      const length = wire === "bytes" ? reader.next() : wire === "fixed64" ? 8n : 4n;
      yield { field, wire: wire as "bytes", bytes: reader.take(length) };
    }
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** How one field's value is read; an error says which field had another wire type. */
export const fieldValue = {
  bytes(field: Field, location: string): Uint8Array {
    if (field.wire === "bytes") return field.bytes;
    throw damagedProtobuf(location, `${field.wire} for field ${field.field}, a string or message`);
  },
  string(field: Field, location: string): string {
    return new TextDecoder().decode(fieldValue.bytes(field, location));
  },
  /** A signed 64-bit number as a JavaScript number; past 2^53 it is rounded. */
  integer(field: Field, location: string): number {
    if (field.wire === "varint") return Number(BigInt.asIntN(64, field.value));
    throw damagedProtobuf(location, `${field.wire} for field ${field.field}, a whole number`);
  },
  float(field: Field, location: string): number {
    if (field.wire === "fixed32") return view(field.bytes).getFloat32(0, true);
    throw damagedProtobuf(location, `${field.wire} for field ${field.field}, a float`);
  },
  double(field: Field, location: string): number {
    if (field.wire === "fixed64") return view(field.bytes).getFloat64(0, true);
    throw damagedProtobuf(location, `${field.wire} for field ${field.field}, a double`);
  },
  /** A repeated number: packed into one field, or one of many. */
  integers(field: Field, location: string): bigint[] {
    if (field.wire === "varint") return [BigInt.asIntN(64, field.value)];
    const reader = new VarintReader(fieldValue.bytes(field, location), location);
    const values: bigint[] = [];
    while (!reader.done) values.push(BigInt.asIntN(64, reader.next()));
    return values;
  },
  /** Repeated floats (4 bytes) or doubles (8 bytes), packed or not, as their bytes. */
  numbers(field: Field, size: 4 | 8, location: string): Uint8Array {
    const bytes = field.wire === "varint" ? undefined : field.bytes;
    if (bytes === undefined || bytes.length % size !== 0)
      throw damagedProtobuf(location, `${field.wire} for field ${field.field}, numbers of ${size} bytes`);
    return bytes;
  },
} as const;
