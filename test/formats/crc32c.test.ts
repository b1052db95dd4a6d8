import { expect, test } from "vitest";
import { bytesToCrc32c } from "../../src/formats/crc32c.ts";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

// The check value of CRC-32/ISCSI, and RFC 3720 appendix B.4 (there least significant byte first)
test.each([
  ["123456789", ascii("123456789"), 0xe3069283],
  ["nothing", ascii(""), 0],
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 ones", new Uint8Array(32).fill(255), 0x62a8ab43],
  ["32 rising", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["32 falling", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
])("the published value for %s", (_, bytes, expected) => {
  expect(bytesToCrc32c(bytes)).toBe(expected);
});
