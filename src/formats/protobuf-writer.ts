/**
 * Writes protobuf's wire format (protobuf.dev/programming-guides/encoding). Nested messages and long byte strings are
 * kept as parts and copied once, when the outermost message is finished.
 */

/** Byte strings from this length on are kept as they are until the end, not copied byte by byte. */
const LONG = 128;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const utf8 = new TextEncoder();

export class ProtobufWriter {
  private readonly parts: Uint8Array[] = [];
  private pending: number[] = [];
  private flushedLength = 0;

  /** How many bytes have been written. */
  get length(): number {
    return this.flushedLength + this.pending.length;
  }

  /** int32, int64, uint64, enum and bool fields. Negative numbers take ten bytes. */
  integer(field: number, value: number | bigint): this {
    this.varint((field << 3) | VARINT);
    this.varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.varint((field << 3) | FIXED32);
    this.pending.push(...new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  double(field: number, value: number): this {
    this.varint((field << 3) | FIXED64);
    this.pending.push(...new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  /** The bytes are not copied until the end: do not change them before. */
  bytes(field: number, value: Uint8Array): this {
    this.varint((field << 3) | LENGTH_DELIMITED);
    this.varint(value.length);
    if (value.length < LONG) this.pending.push(...value);
    else this.part(value);
    return this;
  }

  message(field: number, message: ProtobufWriter): this {
    this.varint((field << 3) | LENGTH_DELIMITED);
    this.varint(message.length);
    for (const part of message.parts) this.part(part);
    for (const byte of message.pending) this.pending.push(byte);
    return this;
  }

  /** The whole message, in one array of its own. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    whole.set(this.pending, at);
    return whole;
  }

  private part(bytes: Uint8Array): void {
    if (this.pending.length > 0) {
      const flushed = Uint8Array.from(this.pending);
      this.parts.push(flushed);
      this.flushedLength += flushed.length;
      this.pending = [];
    }
    this.parts.push(bytes);
    this.flushedLength += bytes.length;
  }

  private varint(value: number | bigint): void {
    // Below 2^31 the bit operators are exact; above, 64 bits of two's complement.
    if (typeof value === "number" && value >= 0 && value < 2 ** 31) {
      let rest = value;
      while (rest > 0x7f) {
        this.pending.push((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      this.pending.push(rest);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      this.pending.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.pending.push(Number(rest));
  }
}
