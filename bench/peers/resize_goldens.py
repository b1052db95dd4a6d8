"""Goldens of the resize modes, from the reference libraries themselves, for test/images/fixtures/resize.json.

    python bench/peers/resize_goldens.py > test/images/fixtures/resize.json

Needs torch, torch-fidelity and Pillow (requirements.txt). Inputs are floor(256 * mulberry32(seed)), row-major
[height, width, 3]. `sha256` is of the float32 output [out_height, out_width, 3]; `samples` are [index, value].
"""

import hashlib
import json

import numpy as np
import PIL
import torch
import torch.nn.functional as F
from PIL import Image
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

CASES = [  # seed, width, height, out_width, out_height
    (1, 5, 4, 7, 3),
    (2, 7, 3, 5, 4),
    (3, 1, 1, 4, 5),
    (4, 32, 32, 299, 299),
    (5, 28, 28, 299, 299),
    (6, 256, 256, 299, 299),
    (7, 400, 300, 299, 299),
    (8, 299, 299, 299, 299),
    (9, 299, 100, 299, 299),
    (10, 640, 299, 299, 299),
    (11, 37, 501, 64, 48),
    (12, 150, 333, 224, 224),
    (13, 353, 201, 224, 224),
]


def mulberry32(seed, count):
    values = np.empty(count, np.uint8)
    a = seed & 0xFFFFFFFF
    for i in range(count):
        a = (a + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((a ^ (a >> 15)) * (a | 1)) & 0xFFFFFFFF
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        values[i] = ((t ^ (t >> 14)) * 256) >> 32
    return values


def nchw(image):
    return torch.from_numpy(image.astype(np.float32)).permute(2, 0, 1)[None].contiguous()


def nhwc(tensor):
    return np.ascontiguousarray(tensor[0].permute(1, 2, 0).numpy())


def tf1(image, width, height):
    return nhwc(interpolate_bilinear_2d_like_tensorflow1x(nchw(image), size=(height, width), align_corners=False))


def pytorch(image, width, height):
    return nhwc(F.interpolate(nchw(image), size=(height, width), mode="bilinear", align_corners=False))


def clean(image, width, height):
    """Across, then down, as Pillow up to 10.4 does in one call; Pillow 13 goes down first where that is cheaper,
    which moves the last bit."""
    channels = [
        np.asarray(
            Image.fromarray(image[:, :, c].astype(np.float32))
            .resize((width, image.shape[0]), Image.BICUBIC)
            .resize((width, height), Image.BICUBIC)
        )
        for c in range(3)
    ]
    return np.stack(channels, 2).clip(0, 255).astype(np.float32)


def antialias(image, width, height):
    """As torchmetrics' FID resizes for torch-fidelity's network."""
    return nhwc(F.interpolate(nchw(image), size=(height, width), mode="bilinear", align_corners=False, antialias=True))


def pil_bicubic(image, width, height):
    """Across, then down, as Pillow up to 12 does in one call; whole levels between."""
    picture = Image.fromarray(image).resize((width, image.shape[0]), Image.BICUBIC)
    return np.asarray(picture.resize((width, height), Image.BICUBIC)).astype(np.float32)


def pil13_bicubic(image, width, height):
    """Pillow 13's own order, which is its choice: needs that version."""
    assert int(PIL.__version__.split(".")[0]) >= 13, PIL.__version__
    return np.asarray(Image.fromarray(image).resize((width, height), Image.BICUBIC)).astype(np.float32)


def torch_bicubic(image, width, height):
    """As EDM2 resizes for DINOv2."""
    return nhwc(F.interpolate(nchw(image), size=(height, width), mode="bicubic", antialias=True))


def golden(output):
    flat = output.ravel()
    step = max(1, flat.size // 60)
    return {
        "sha256": hashlib.sha256(flat.tobytes()).hexdigest(),
        "samples": [[int(i), float(flat[i])] for i in range(0, flat.size, step)],
    }


cases = []
for seed, width, height, out_width, out_height in CASES:
    image = mulberry32(seed, width * height * 3).reshape(height, width, 3)
    cases.append(
        {"seed": seed, "from": [width, height], "to": [out_width, out_height]}
        | {f.__name__: golden(f(image, out_width, out_height)) for f in (tf1, pytorch, clean, antialias)}
        | {
            f.__name__.replace("_", "-"): golden(f(image, out_width, out_height))
            for f in (pil_bicubic, pil13_bicubic, torch_bicubic)
        }
    )
versions = {"torch": torch.__version__, "pillow": PIL.__version__, "torch-fidelity": "0.4.0"}
print(json.dumps({"versions": versions, "cases": cases}))
