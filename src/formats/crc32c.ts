/** The CRC-32C checksum. */

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4: polynomial 0x1EDC6F41, here with its bits reversed. */

const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/** The checksum as an unsigned number of 32 bits: 0xE3069283 for "123456789". */
export function bytesToCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
