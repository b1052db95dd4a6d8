import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { ProtobufWriter } from "../../src/formats/protobuf-writer.ts";

const { root } = protobuf.parse(`
  syntax = "proto2";
  message Thing {
    optional int64 number = 1;
    optional float real = 2;
    optional string text = 3;
    optional bytes raw = 400;
    repeated Thing inner = 5;
    optional double precise = 6;
  }`);
const Thing = root.lookupType("Thing");

interface Thing {
  readonly number: bigint;
  readonly real: number;
  readonly text: string;
  readonly raw: Uint8Array;
  readonly inner: readonly Thing[];
  readonly precise: number;
}

const thing = fc.letrec<{ thing: Thing }>((tie) => ({
  thing: fc.record({
    number: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    real: fc.float({ noNaN: true }),
    text: fc.string({ unit: "grapheme" }),
    raw: fc.uint8Array({ maxLength: 300 }),
    inner: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("thing"), { maxLength: 3 })),
    precise: fc.double({ noNaN: true }),
  }),
})).thing;

function write({ number, real, text, raw, inner, precise }: Thing): ProtobufWriter {
  const writer = new ProtobufWriter()
    .integer(1, number)
    .float(2, real)
    .string(3, text)
    .bytes(400, raw)
    .double(6, precise);
  for (const each of inner) writer.message(5, write(each));
  return writer;
}

function read(message: Record<string, unknown>): Thing {
  return {
    number: BigInt(String(message.number)),
    real: message.real as number,
    text: message.text as string,
    raw: new Uint8Array(message.raw as Uint8Array),
    inner: ((message.inner ?? []) as Record<string, unknown>[]).map(read),
    precise: message.precise as number,
  };
}

describe("the protobuf writer", () => {
  it("writes what protobufjs reads", () => {
    fc.assert(
      fc.property(thing, (value) => {
        const writer = write(value);
        const bytes = writer.finish();
        expect(writer.length).toBe(bytes.length);
        expect(read(Thing.decode(bytes) as never)).toEqual(value);
      }),
      { seed: 2020 },
    );
  });

  it("writes numbers from 2^31 on as numbers below it", () => {
    for (const number of [2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, -1]) {
      const bytes = new ProtobufWriter().integer(1, number).finish();
      expect(String(Thing.decode(bytes).toJSON().number)).toBe(String(number));
    }
  });
});
