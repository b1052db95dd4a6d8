"""Goldens of torchvision's Resize(s) and CenterCrop(s) on PIL's pictures, for test/train/fixtures/picture-size.json.

    python bench/peers/picture_size_goldens.py > test/train/fixtures/picture-size.json

Needs torch, torchvision and Pillow 10.4: later ones go down first where that is cheaper, which moves a level. Inputs are
floor(256 * mulberry32(seed)), row-major [height, width, channels]. `sha256` is of the output's bytes.
"""

import hashlib
import json

import numpy as np
import PIL
import torchvision
from PIL import Image
from torchvision.transforms import CenterCrop, Resize

from gap_fill import mulberry32

CASES = [  # seed, width, height, channels, side
    (1, 28, 28, 1, 32),
    (2, 28, 28, 1, 64),
    (3, 32, 32, 3, 28),
    (4, 178, 218, 3, 64),
    (5, 320, 213, 3, 64),
    (6, 37, 101, 1, 32),
    (7, 5, 4, 3, 16),
    (8, 101, 33, 3, 32),
]


def case(seed, width, height, channels, side):
    uniform = mulberry32(seed, 0, width * height * channels)
    pixels = (256 * uniform).astype(np.uint8).reshape(height, width, channels)
    picture = Image.fromarray(pixels if channels == 3 else pixels[:, :, 0])
    out = np.asarray(CenterCrop(side)(Resize(side)(picture))).ravel()
    return {
        "seed": seed,
        "from": [width, height, channels],
        "side": side,
        "sha256": hashlib.sha256(out.tobytes()).hexdigest(),
    }


print(
    json.dumps(
        {
            "source": f"torchvision {torchvision.__version__}, Pillow {PIL.__version__}",
            "cases": [case(*c) for c in CASES],
        }
    )
)
