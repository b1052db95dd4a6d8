/** One hash of the contents of many images, gathered as they are read. */
import { createHash } from "node:crypto";

const DIGEST_LENGTH = 32;

/**
 * Digests of contents, gathered while images are read so that a hash of all needs no second pass.
 * The whole is sha256 over, for each image in order: its name, a zero byte, the sha256 of its bytes.
 */
export class ContentDigests {
  private readonly digests: Uint8Array;
  private readonly known: Uint8Array;

  constructor(count: number) {
    this.digests = new Uint8Array(count * DIGEST_LENGTH);
    this.known = new Uint8Array(count);
  }

  has(position: number): boolean {
    return this.known[position] === 1;
  }

  add(position: number, bytes: Uint8Array): void {
    this.digests.set(createHash("sha256").update(bytes).digest(), position * DIGEST_LENGTH);
    this.known[position] = 1;
  }

  toHash(name: (position: number) => string): string {
    const hash = createHash("sha256");
    for (let i = 0; i < this.known.length; i++)
      hash.update(`${name(i)}\0`).update(this.digests.subarray(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH));
    return hash.digest("hex");
  }
}
