import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAddress, textToAddress } from "../../src/queue/address.ts";
import { textToRedacted } from "../../src/redaction.ts";
import { codeOf, temporaryFolder } from "../images/made-images.ts";

const thrownBy = (work: () => unknown): Promise<string> => codeOf((async () => work())());

const SECRET = "s3cr3t";

describe("passwords", () => {
  it.each([
    `redis://:${SECRET}@127.0.0.1:6379/2`,
    `rediss://ann:${SECRET}@host`,
    `rediss://ann:a@${SECRET}@host`,
    `postgres://ann:${SECRET}@host/db?sslmode=require`,
    `postgres://ann@host/db?password=${SECRET}`,
    `error: connect to redis://ann:${SECRET}@host:1 failed`,
    `["--queue","redis://ann:${SECRET}@host:1"]`,
  ])("are cut out of %s", (text) => {
    expect(textToRedacted(text)).not.toContain(SECRET);
    expect(textToRedacted(text)).toContain("***");
  });

  it("whatever they are made of, are cut out of an address as it has to be written", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (password) => {
        const word = encodeURIComponent(password).replaceAll("'", "%27");
        expect(textToRedacted(`--queue redis://ann:${word}@host:6379 end`)).toBe(
          "--queue redis://ann:***@host:6379 end",
        );
      }),
    );
  });

  it("are all that is cut: what has none stays as it is", () => {
    const text = "see https://example.com/a:b and redis://127.0.0.1:6379, time 12:30 by ann@host";
    expect(textToRedacted(text)).toBe(text);
  });
});

describe("the address of a queue", () => {
  it.each([
    ["redis://127.0.0.1:6379", "redis"],
    ["rediss://ann:x@far.example:6380", "redis"],
    ["postgres://ann:x@far.example/db", "postgres"],
    ["postgresql://localhost/db", "postgres"],
    ["redis://far.example", "redis"],
    [`redis://:x@localhost:1`, "redis"],
    [`redis://:x@[::1]:1`, "redis"],
  ])("is read: %s", (text, kind) => {
    expect(textToAddress(text)).toMatchObject({ kind, url: text });
  });

  it.each(["", "127.0.0.1:6379", "http://host", "mysql://host", "redis"])("is refused: %j", async (text) => {
    expect(await thrownBy(() => textToAddress(text))).toBe("usage.queue-address");
  });

  it("with a password that would go to another machine in clear text is refused, unless that is allowed", async () => {
    const text = `redis://ann:${SECRET}@far.example`;
    const error = await Promise.resolve()
      .then(() => textToAddress(text))
      .catch((error) => error);
    expect(error.code).toBe("usage.queue-insecure");
    expect(error.message).not.toContain(SECRET);
    expect(textToAddress(text, true).shown).toBe("redis://ann:***@far.example");
  });

  it("is read from the first line of a file, which others must not read", async () => {
    const file = path.join(await temporaryFolder(), "queue.txt");
    await writeFile(file, `redis://:${SECRET}@127.0.0.1:1\nnotes\n`);
    await chmod(file, 0o600);
    expect(await readAddress(`@${file}`, false)).toMatchObject({
      address: { url: `redis://:${SECRET}@127.0.0.1:1` },
      warnings: [],
    });
    await chmod(file, 0o644);
    expect((await readAddress(`@${file}`, false)).warnings.map(({ code }) => code)).toEqual([
      "queue-file-mode",
    ]);
    expect(await codeOf(readAddress(`@${file}.none`, false))).toBe("usage.queue-address");
  });
});
