"""Makes small pictures of every kind that a format knows, for test/images/fixtures/files.

    python bench/peers/decode_fixtures.py test/images/fixtures/files

Needs Pillow with AVIF, and numpy. Files that are there already are left as they are: encoders change from version to
version, and decode_goldens.py says what PIL makes of the files at hand. Kinds that Pillow does not write are put together
byte by byte.
"""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

W, H = 7, 9
random = np.random.default_rng(7)
RGB = random.integers(0, 256, (H, W, 3), dtype=np.uint8)
ALPHA = random.integers(0, 256, (H, W), dtype=np.uint8)
INDICES = random.integers(0, 4, (H, W), dtype=np.uint8)
PALETTE = bytes([250, 10, 20, 30, 240, 60, 70, 80, 230, 255, 255, 255])
smooth = np.add.outer(np.arange(24) * 5, np.arange(32) * 4)
SMOOTH = np.stack([smooth, 255 - smooth, smooth // 2 + 60], -1).astype(np.uint8)

folder = Path(sys.argv[1])


def put(name, content):
    path = folder / name
    if not path.exists():
        path.write_bytes(content)


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, **options)
    put(name, buffer.getvalue())


# --- GIF -------------------------------------------------------------------------------------------------------------


def lzw(indices, bits):
    """Codes of one width: a clear code often enough that it never grows."""
    clear, end = 1 << bits, (1 << bits) + 1
    codes = []
    for i, index in enumerate(indices):
        if i % ((1 << bits) - 2) == 0:
            codes.append(clear)
        codes.append(int(index))
    codes.append(end)
    value, used, out = 0, 0, bytearray()
    for code in codes:
        value |= code << used
        used += bits + 1
        while used >= 8:
            out.append(value & 255)
            value >>= 8
            used -= 8
    out.append(value & 255)
    blocks = b"".join(bytes([len(out[i : i + 255])]) + bytes(out[i : i + 255]) for i in range(0, len(out), 255))
    return bytes([bits]) + blocks + b"\0"


def gif(screen, frames, palette=PALETTE, background=0):
    """`frames`: (x, y, indices, transparent index or None, interlaced, local palette or None)."""
    flags = 0x80 | (len(palette) // 3).bit_length() - 2 if palette else 0
    out = b"GIF89a" + struct.pack("<HHBBB", *screen, flags, background, 0) + (palette or b"")
    for x, y, indices, transparent, interlaced, local in frames:
        if transparent is not None:
            out += b"\x21\xf9\x04" + struct.pack("<BHB", 1, 0, transparent) + b"\0"
        h, w = indices.shape
        own = 0x80 | (len(local) // 3).bit_length() - 2 if local else 0
        out += b"," + struct.pack("<HHHHB", x, y, w, h, own | (0x40 if interlaced else 0)) + (local or b"")
        rows = [r for s, d in ((0, 8), (4, 8), (2, 4), (1, 2)) for r in range(s, h, d)] if interlaced else range(h)
        out += lzw(np.concatenate([indices[r] for r in rows]), 2)
    return out + b";"


OTHER = bytes([1, 2, 3, 100, 110, 120, 9, 200, 90, 40, 50, 60])
GREYS = bytes([0, 0, 0, 90, 90, 90, 180, 180, 180, 255, 255, 255])
small = INDICES[:4, :3]
put("gif-transparent-white.gif", gif((W, H), [(0, 0, INDICES, 3, False, None)]))
put("gif-interlaced.gif", gif((W, H), [(0, 0, INDICES, None, True, None)]))
put("gif-local-palette.gif", gif((W, H), [(0, 0, INDICES, None, False, OTHER)]))
put("gif-only-local-palette.gif", gif((W, H), [(0, 0, INDICES, None, False, OTHER)], palette=None))
put("gif-no-palette.gif", gif((W, H), [(0, 0, INDICES, None, False, None)], palette=None))
put("gif-grey-palette.gif", gif((W, H), [(0, 0, INDICES, None, False, None)], palette=GREYS))
put("gif-small-frame.gif", gif((W, H), [(2, 3, small, None, False, None)], background=1))
put("gif-small-frame-transparent.gif", gif((W, H), [(2, 3, small, 2, False, None)], background=1))
put("gif-frame-beyond-screen.gif", gif((4, 4), [(0, 0, INDICES, None, False, None)]))
put("gif-two-frames.gif", gif((W, H), [(0, 0, INDICES, 1, False, None), (1, 1, small, 0, False, OTHER)]))
put("gif-short-palette.gif", gif((W, H), [(0, 0, INDICES, None, False, None)], palette=PALETTE[:6]))
save("gif-256-colours.gif", Image.fromarray(SMOOTH).quantize(256), format="GIF")
save("gif-87a.gif", Image.fromarray(SMOOTH[:, :, 0]), format="GIF")

# --- PNG -------------------------------------------------------------------------------------------------------------


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, extra=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    raw = b"".join(b"\0" + row for row in rows)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def packed(values, depth):
    bits = "".join(format(int(v), f"0{depth}b") for v in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def adam7(array, pack):
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    return [pack(row) for x, y, dx, dy in passes for row in array[y::dy, x::dx] if len(row)]


plte = chunk(b"PLTE", PALETTE)
for depth in (1, 2, 4):
    grey = random.integers(0, 2**depth, (H, W))
    put(f"png-grey-{depth}.png", png(W, H, depth, 0, [packed(row, depth) for row in grey]))
    few = grey % 4
    put(f"png-palette-{depth}.png", png(W, H, depth, 3, [packed(row, depth) for row in few], plte))
put("png-palette-trns.png", png(W, H, 2, 3, [packed(r, 2) for r in INDICES], plte + chunk(b"tRNS", bytes([0, 128]))))
put("png-interlaced-rgb.png", png(W, H, 8, 2, adam7(RGB, bytes), interlaced=1))
put("png-interlaced-palette.png", png(W, H, 2, 3, adam7(INDICES, lambda r: packed(r, 2)), plte, 1))
deep = random.integers(0, 65536, (H, W, 3), dtype=np.uint16)
put("png-rgb-16-trns.png", png(W, H, 16, 2, [r.astype(">u2").tobytes() for r in deep], chunk(b"tRNS", struct.pack(">HHH", *deep[0, 0]))))
put("png-grey-alpha-16.png", png(W, H, 16, 4, [r.astype(">u2").tobytes() for r in deep[:, :, :2]]))
put("png-gamma.png", png(W, H, 8, 2, [r.tobytes() for r in RGB], chunk(b"gAMA", struct.pack(">I", 100000))))

# --- JPEG ------------------------------------------------------------------------------------------------------------

save("jpeg-progressive-420.jpg", Image.fromarray(SMOOTH), format="JPEG", progressive=True, subsampling=2, quality=80)
save("jpeg-444.jpg", Image.fromarray(SMOOTH), format="JPEG", subsampling=0, quality=95)
save("jpeg-422-odd.jpg", Image.fromarray(SMOOTH[:23, :31]), format="JPEG", subsampling=1, quality=70)
save("jpeg-rgb-colourspace.jpg", Image.fromarray(SMOOTH), format="JPEG", keep_rgb=True, quality=90)
save("jpeg-cmyk.jpg", Image.fromarray(SMOOTH).convert("CMYK"), format="JPEG", quality=95)
for turn in (3, 6):
    exif = Image.Exif()
    exif[274] = turn
    save(f"jpeg-exif-{turn}.jpg", Image.fromarray(SMOOTH), format="JPEG", exif=exif, quality=90)

# --- TIFF ------------------------------------------------------------------------------------------------------------


def tiff(array, photometric, extra=(), planar=1, bits=8, orientation=1, colours=None, samples=None, sample_format=1):
    """One strip, uncompressed, little-endian."""
    height, width = array.shape[:2]
    channels = samples or (array.shape[2] if array.ndim == 3 else 1)
    data = np.moveaxis(array, -1, 0).tobytes() if planar == 2 else array.tobytes()
    entries = [
        (256, 3, [width]), (257, 3, [height]), (258, 3, [bits] * channels), (259, 3, [1]), (262, 3, [photometric]),
        (274, 3, [orientation]), (277, 3, [channels]), (278, 3, [height]), (284, 3, [planar]),
    ]
    if len(extra):
        entries.append((338, 3, list(extra)))
    if colours is not None:
        entries.append((320, 3, list(colours)))
    if sample_format != 1:
        entries.append((339, 3, [sample_format] * channels))
    if planar == 2:
        plane = len(data) // channels
        entries += [(273, 4, [8 + i * plane for i in range(channels)]), (279, 4, [plane] * channels)]
    else:
        entries += [(273, 4, [8]), (279, 4, [len(data)])]
    entries.sort()
    at = 8 + len(data) + len(data) % 2
    tail_at = at + 2 + 12 * len(entries) + 4
    ifd, tail = struct.pack("<H", len(entries)), b""
    for tag, kind, values in entries:
        body = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(body) > 4:
            place = struct.pack("<I", tail_at + len(tail))
            tail += body
        else:
            place = body.ljust(4, b"\0")
        ifd += struct.pack("<HHI", tag, kind, len(values)) + place
    return b"II*\0" + struct.pack("<I", at) + data + b"\0" * (len(data) % 2) + ifd + b"\0\0\0\0" + tail


RGBA = np.dstack([RGB, ALPHA])
associated = (RGB.astype(np.uint32) * ALPHA[:, :, None] // 255).astype(np.uint8)
put("tiff-associated-alpha.tif", tiff(np.dstack([associated, ALPHA]), 2, extra=[1]))
put("tiff-unassociated-alpha.tif", tiff(RGBA, 2, extra=[2]))
put("tiff-unspecified-extra.tif", tiff(RGBA, 2, extra=[0]))
put("tiff-white-is-zero.tif", tiff(RGB[:, :, 0], 0))
put("tiff-planar.tif", tiff(RGB, 2, planar=2))
put("tiff-rgb-16.tif", tiff(deep, 2, bits=16))
put("tiff-palette.tif", tiff(INDICES, 3, colours=[c * 257 for k in range(3) for c in list(PALETTE[k::3]) + [0] * 252]))
for turn in (2, 3, 6, 8):
    put(f"tiff-orientation-{turn}.tif", tiff(RGB, 2, orientation=turn))
put("tiff-float.tif", tiff((RGB[:, :, 0] / 2).astype("<f4"), 1, bits=32, sample_format=3))
put("tiff-float-0-to-1.tif", tiff((RGB[:, :, 0] / 255).astype("<f4"), 1, bits=32, sample_format=3))
put("tiff-int32.tif", tiff(RGB[:, :, 0].astype("<i4") * 3, 1, bits=32, sample_format=2))
put("tiff-grey-alpha.tif", tiff(np.dstack([RGB[:, :, 0], ALPHA]), 1, extra=[2]))
put("tiff-cmyk.tif", tiff(RGBA, 5))
save("tiff-bilevel.tif", Image.fromarray(RGB[:, :, 0]).convert("1"), format="TIFF", compression="group4")
save("tiff-deflate.tif", Image.fromarray(SMOOTH), format="TIFF", compression="tiff_adobe_deflate")

# --- WebP and AVIF ---------------------------------------------------------------------------------------------------

base = Image.fromarray(RGBA)
save("webp-lossless-alpha.webp", base, format="WEBP", lossless=True, exact=True)
save("webp-lossy-alpha.webp", Image.fromarray(np.dstack([SMOOTH, SMOOTH[:, :, 1]])), format="WEBP", quality=80)
save("webp-lossy.webp", Image.fromarray(SMOOTH), format="WEBP", quality=75)
save(
    "webp-animated-alpha.webp",
    Image.fromarray(RGBA),
    format="WEBP",
    save_all=True,
    append_images=[Image.fromarray(RGBA[::-1].copy())],
    lossless=True,
    exact=True,
    background=(10, 200, 30, 255),
)
SMALL = SMOOTH[:12, :16]
save("avif-444.avif", Image.fromarray(SMALL), format="AVIF", quality=100, subsampling="4:4:4")
save("avif-420.avif", Image.fromarray(SMALL), format="AVIF", quality=90, subsampling="4:2:0")
save("avif-alpha.avif", Image.fromarray(np.dstack([SMALL, SMALL[:, :, 1]])), format="AVIF", quality=100, subsampling="4:4:4")
for reach in ("full", "limited"):
    Image.fromarray(SMALL).save(buffer := io.BytesIO(), format="AVIF", quality=100, subsampling="4:4:4", range=reach)
    put(f"avif-601-{reach}.avif", buffer.getvalue())
    # The matrix stands behind the primaries and the transfer: 1 is that of BT.709.
    at = buffer.getvalue().index(b"colrnclx") + 12
    put(f"avif-709-{reach}.avif", buffer.getvalue()[:at] + b"\0\1" + buffer.getvalue()[at + 2 :])
noise = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
save("avif-444-noise.avif", Image.fromarray(noise), format="AVIF", quality=100, subsampling="4:4:4")
save("avif-420-noise.avif", Image.fromarray(noise), format="AVIF", quality=100, subsampling="4:2:0")
save("avif-422-noise.avif", Image.fromarray(noise), format="AVIF", quality=100, subsampling="4:2:2")
save("avif-420-odd.avif", Image.fromarray(noise[:13, :15].copy()), format="AVIF", quality=100, subsampling="4:2:0")
save("avif-420-limited.avif", Image.fromarray(noise), format="AVIF", quality=60, subsampling="4:2:0", range="limited")
save("avif-grey.avif", Image.fromarray(SMALL[:, :, 0]), format="AVIF", quality=100)
for turn in range(2, 9):
    exif = Image.Exif()
    exif[274] = turn
    save(f"avif-turned-{turn}.avif", Image.fromarray(SMALL), format="AVIF", quality=100, subsampling="4:4:4", exif=exif)
for name, array in (("avif-sequence.avif", SMALL), ("avif-sequence-alpha.avif", np.dstack([SMALL, SMALL[:, :, 1]]))):
    more = [Image.fromarray(array[::-1].copy())]
    save(name, Image.fromarray(array), format="AVIF", save_all=True, append_images=more, quality=100, subsampling="4:4:4")

# --- BMP and PNM -----------------------------------------------------------------------------------------------------


def bmp(width, height, bits, rows, palette=b"", compression=0, masks=b"", header_size=40):
    stride = (bits * width + 31) // 32 * 4
    data = b"".join(row.ljust(stride, b"\0") for row in (rows if height < 0 else reversed(rows)))
    if header_size == 12:
        header = struct.pack("<IHHHH", 12, width, abs(height), 1, bits)
    else:
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 2835, 2835, len(palette) // 4, 0)
        header += masks
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + header + palette + data


bgr = [row[:, ::-1].tobytes() for row in RGB]
put("bmp-top-down.bmp", bmp(W, -H, 24, bgr))
put("bmp-os2.bmp", bmp(W, H, 24, bgr, header_size=12))
five = [(((r[:, 0] >> 3).astype("<u2") << 10) | ((r[:, 1] >> 3).astype("<u2") << 5) | (r[:, 2] >> 3)).astype("<u2").tobytes() for r in RGB]
put("bmp-555.bmp", bmp(W, H, 16, five))
six = [(((r[:, 0] >> 3).astype("<u2") << 11) | ((r[:, 1] >> 2).astype("<u2") << 5) | (r[:, 2] >> 3)).astype("<u2").tobytes() for r in RGB]
put("bmp-565.bmp", bmp(W, H, 16, six, compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
bgrx = [np.dstack([RGB[i : i + 1, :, ::-1], ALPHA[i : i + 1]]).tobytes() for i in range(H)]
put("bmp-32.bmp", bmp(W, H, 32, bgrx))
quads = b"".join(bytes([PALETTE[3 * i + 2], PALETTE[3 * i + 1], PALETTE[3 * i], 0]) for i in range(4))
put("bmp-palette-4.bmp", bmp(W, H, 4, [packed(r, 4) for r in INDICES], palette=quads))
save("pnm-grey.pgm", Image.fromarray(RGB[:, :, 0]), format="PPM")
put("pnm-comment.ppm", b"P6\n# a comment\n%d %d\n255\n" % (W, H) + RGB.tobytes())
