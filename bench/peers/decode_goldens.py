"""What PIL makes of pictures, for test/images/fixtures/decode.json.

    python bench/peers/decode_goldens.py test/images/fixtures/files PHOTOS > test/images/fixtures/decode.json

For each file of the first folder the size and the RGB values of `Image.open(f).convert("RGB")` (base64); for twenty
photos of the second (class folders) their sha256.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import PIL
from PIL import Image


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"))


files = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    array = pixels(path)
    files[path.name] = {
        "size": [array.shape[1], array.shape[0]],
        "sha256": hashlib.sha256(array.tobytes()).hexdigest(),
    }
    # AVIF is compared by its levels: two AV1 decoders interpolate colours unlike.
    if array.size <= 200 or path.suffix == ".avif":
        files[path.name]["rgb"] = base64.b64encode(array.tobytes()).decode()
photos = {}
for folder in sorted(Path(sys.argv[2]).iterdir()):
    for path in sorted(folder.iterdir())[:4]:
        photos[f"{folder.name}/{path.name}"] = hashlib.sha256(pixels(path).tobytes()).hexdigest()
print(json.dumps({"pillow": PIL.__version__, "files": files, "photos": photos}, indent=1))
