import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import { openEventFile } from "../../src/formats/tensorboard-events.ts";
import { Event } from "./tensorboard-reader.ts";

const folder = await mkdtemp(path.join(tmpdir(), "events-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
let places = 0;
const place = (): string => path.join(folder, `place${places++}`);

/** CRC-32C bit by bit, from the polynomial as it is published, most significant bit first. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const top = ((crc >> 31n) & 1n) ^ BigInt((byte >> bit) & 1);
      crc = ((crc << 1n) & 0xffffffffn) ^ (top ? 0x1edc6f41n : 0n);
    }
  const reversed = Array.from(crc.toString(2).padStart(32, "0")).reverse().join("");
  return (Number.parseInt(reversed, 2) ^ 0xffffffff) >>> 0;
}

/** record_reader's unmasking: the constant taken off, then rotated left by 15. */
function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated << 15) | (rotated >>> 17)) >>> 0;
}

function parse(bytes: Buffer): Record<string, unknown>[] {
  const events: Record<string, unknown>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(unmask(bytes.readUInt32LE(at + 8))).toBe(checksum(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(data.length).toBe(length);
    expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(checksum(data));
    events.push(Event.toObject(Event.decode(data), { longs: Number, bytes: Array }));
    at += 16 + length;
  }
  return events;
}

/** A clock that goes on by a quarter of a second, exact in float64. */
function ticking(start = 1_700_000_000_000): () => number {
  let now = start;
  return () => {
    now += 250;
    return now;
  };
}

test("the checksum of this test is the published one", () => {
  expect(checksum(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
});

describe("an event file", () => {
  test("holds what was logged, in order, framed", async () => {
    const file = openEventFile(place(), { clock: ticking(), host: "box" });
    file.scalars(0, { "loss/generator": 0.5, "loss/discriminator": -1.25 });
    file.scalars(2 ** 40, { fid: Number.NaN });
    file.scalars(3, {});
    // Longer than what the protobuf writer keeps byte by byte.
    const png = Uint8Array.from({ length: 300 }, (_, i) => i & 255);
    file.image(7, "samples", png, { height: 28, width: 30, channels: 3 });
    file.close();
    expect(path.basename(file.location)).toBe("events.out.tfevents.1700000000.box.0");
    expect(parse(await readFile(file.location))).toEqual([
      { wall_time: 1_700_000_000.5, step: 0, file_version: "brain.Event:2" },
      { wall_time: 1_700_000_000.75, step: 0, session_log: { status: 1 } },
      {
        wall_time: 1_700_000_001,
        step: 0,
        summary: {
          value: [
            { tag: "loss/generator", simple_value: 0.5 },
            { tag: "loss/discriminator", simple_value: -1.25 },
          ],
        },
      },
      {
        wall_time: 1_700_000_001.25,
        step: 2 ** 40,
        summary: { value: [{ tag: "fid", simple_value: Number.NaN }] },
      },
      {
        wall_time: 1_700_000_001.5,
        step: 7,
        summary: {
          value: [
            {
              tag: "samples",
              image: { height: 28, width: 30, colorspace: 3, encoded_image_string: [...png] },
            },
          ],
        },
      },
    ]);
  });

  test("is readable at every moment", async () => {
    const file = openEventFile(place(), { clock: ticking() });
    for (let step = 0; step < 3; step++) {
      file.scalars(step, { loss: step });
      expect(parse(await readFile(file.location))).toHaveLength(step + 3);
    }
    file.close();
  });

  test("never writes into another that began in the same second", async () => {
    const at = place();
    const options = { clock: () => 5000, host: "box" };
    const files = [openEventFile(at, options), openEventFile(at, options)];
    for (const file of files) file.close();
    expect((await readdir(at)).sort()).toEqual([
      "events.out.tfevents.0000000005.box.0",
      "events.out.tfevents.0000000006.box.0",
    ]);
  });

  test.each([
    ["an hour was lost since the last", "box", 1_700_000_000_000 - 3_600_000],
    ["it is the same second on another host", "a-box", 1_700_000_000_000],
    ["there are more than ten of a second", "box", 1_700_000_000_000],
  ])("is read after those that are there, where %s", async (_, host, start) => {
    const at = place();
    const names: string[] = [];
    for (let i = 0; i < 12; i++) {
      const file = openEventFile(at, { clock: ticking(start - (i % 2)), host: i % 2 ? host : "box" });
      file.close();
      names.push(path.basename(file.location));
    }
    expect(names).toEqual((await readdir(at)).sort());
  });

  test("has wall times that never fall, whatever becomes of the clock, and goes on behind those of earlier files", async () => {
    const at = place();
    const hour = 3_600_000;
    const times: number[] = [];
    let [now, steady] = [1_700_000_000_000, 0];
    const options = { clock: () => now, steadyClock: () => steady, host: "box" };
    for (let session = 0; session < 3; session++) {
      const file = openEventFile(at, options);
      for (let step = 1; step <= 4; step++) {
        // Two seconds go by; in the middle the clock is set back by an hour.
        steady += 2000;
        now += step === 2 ? 2000 - hour : 2000;
        file.scalars(step, { loss: 1 });
      }
      file.close();
      times.push(...parse(await readFile(file.location)).map((event) => event.wall_time as number));
    }
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    // Three sessions of eight seconds: as long as they took, not an hour.
    expect(times.at(-1)! - times[0]).toBeCloseTo(24, 6);
  });

  test("takes a file that a kill cut off at any byte for what is whole of it", async () => {
    const at = place();
    const first = openEventFile(at, { clock: () => 5_000_000, steadyClock: () => 0, host: "box" });
    first.scalars(1, { loss: 1 });
    first.close();
    const bytes = await readFile(first.location);
    for (let end = 0; end < bytes.length; end++) {
      await writeFile(first.location, bytes.subarray(0, end));
      const next = openEventFile(at, { clock: () => 1000, steadyClock: () => 0, host: "box" });
      next.close();
      const [{ wall_time: began }] = parse(await readFile(next.location));
      await rm(next.location);
      // The first record is 16 bytes of frame and 9 + 2 + 15 of event at least.
      if (end > 45) expect(began, `cut at ${end}`).toBe(5000);
    }
  });

  test("that goes back says from which step on all is void", async () => {
    const file = openEventFile(place(), { clock: ticking() });
    file.scalars(5, { loss: 1 });
    file.goBackTo(3);
    file.scalars(3, { loss: 1 });
    file.close();
    expect(parse(await readFile(file.location)).slice(2)).toMatchObject([
      { step: 5 },
      { step: 3, session_log: { status: 1 } },
      { step: 3, summary: {} },
    ]);
  });

  test("of a resumed run says from which step on the earlier ones are void", async () => {
    const file = openEventFile(place(), { clock: ticking(), resumedAt: 1000 });
    file.close();
    expect(parse(await readFile(file.location))[1]).toMatchObject({ step: 1000, session_log: { status: 1 } });
  });

  test("refuses steps that are none, a place that is a file, and writing after the end", async () => {
    const codeOf = (work: () => unknown): string => {
      try {
        work();
        return "no error";
      } catch (error) {
        if (error instanceof GanEvalError) return error.code;
        throw error;
      }
    };
    const file = openEventFile(place(), { clock: ticking() });
    for (const step of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(codeOf(() => file.scalars(step, { loss: 1 }))).toBe("usage.step");
    file.close();
    file.close();
    expect(codeOf(() => file.scalars(1, { loss: 1 }))).toBe("usage.closed");
    const taken = place();
    await writeFile(taken, "");
    expect(codeOf(() => openEventFile(taken, { clock: ticking() }))).toBe("input.cannot-write");
  });
});
