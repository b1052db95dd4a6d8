"""What the libraries behind the presets of `--compat` make of the same features and of the same pictures.

    python compat_peer.py --presets pytorch-fid,clean-fid --checkouts DIR --out DIR              features to metrics
    python compat_peer.py --presets ... --pictures FOLDER --partial FILE.safetensors --out DIR    pictures to features
    python compat_peer.py --golden test/evaluate/fixtures/compat.json --checkouts DIR            small, for the tests

The first two print JSON; arrays are .npy files in the folder DIR. --checkouts has what is no package: stylegan3, TTUR,
guided-diffusion, torch-fidelity; dgm-eval, edm2, IQA-PyTorch, fld, cmmd-pytorch.
"""

import argparse
import importlib.util
import json
import os

import numpy as np

from compat_metrics import FLOAT64_ANYWAY, MIFID_THRESHOLD, PRESETS, Checkouts, Data, has_tensorflow, preset_to_values
from gap_fill import mulberry32
from peer_report import library_versions, print_report, save_array, set_threads

# Sizes of the comparison; the pictures' features are as wide as the first.
WIDE = {"rows": [3000, 2000], "width": 2048, "logits": [6001, 1008], "subsets": 20, "subset_size": 1000}
NARROW = {"rows": [3000, 2000], "width": 64, "logits": [6001, 10], "subsets": 100, "subset_size": 1000}
SMALL = {"rows": [200, 160], "width": 16, "logits": [997, 10], "subsets": 20, "subset_size": 50}


def mat(seed, rows, width, scale=1.0, shift=0.0):
    """float32 scale (u1 + u2 + u3 - 1.5) + shift, u from mulberry32(seed): test/metrics/seeded-features.ts."""
    u = mulberry32(seed, 0, 3 * rows * width).reshape(rows * width, 3)
    return (scale * (((u[:, 0] + u[:, 1]) + u[:, 2]) - 1.5) + shift).astype(np.float32).reshape(rows, width)


# seed, scale, shift
RECIPES = {"real": (1, 1.0, 0.5), "fake": (2, 0.9, 0.54), "logits": (5, 4.0, 0.0), "spatial": (7, 1.0, 0.2)}


def size_to_arrays(size):
    (n, m), d = size["rows"], size["width"]
    arrays = {
        "real": mat(RECIPES["real"][0], n, d, *RECIPES["real"][1:]),
        "fake": mat(RECIPES["fake"][0], m, d, *RECIPES["fake"][1:]),
        "logits": mat(RECIPES["logits"][0], *size["logits"], *RECIPES["logits"][1:]),
    }
    if d < 2048:
        seed, scale, shift = RECIPES["spatial"]
        arrays["spatial_real"] = mat(seed, n, d, scale, shift)
        arrays["spatial_fake"] = mat(seed + 1, m, d, 0.8, shift + 0.05)
    return arrays


def arrays_to_data(arrays, size, part_size):
    spatial = [arrays["spatial_real"], arrays["spatial_fake"]] if "spatial_real" in arrays else None
    subsets = {"subsets": size["subsets"], "subset_size": size["subset_size"], "part_size": part_size}
    return Data(arrays["real"], arrays["fake"], arrays["logits"], spatial, **subsets)


def versions():
    packages = [
        name
        for name in ("torch-fidelity", "pytorch-fid", "clean-fid", "torchmetrics")
        if importlib.util.find_spec(name.replace("-", "_").replace("clean_fid", "cleanfid"))
    ]
    return library_versions(*packages, *(["tensorflow-cpu"] if has_tensorflow() else []))


def compare_metrics(presets, checkouts, sizes, out):
    report = {"versions": versions(), "sets": []}
    for name, size in sizes.items():
        arrays = size_to_arrays(size)
        files = {key: save_array(out, f"{name}-{key}", array) for key, array in arrays.items()}
        data = arrays_to_data(arrays, size, 5000)
        values = {}
        for preset in presets:
            float32 = preset_to_values(preset, data, checkouts)
            same = preset in FLOAT64_ANYWAY
            float64 = float32 if same else preset_to_values(preset, data, checkouts, np.float64)
            values[preset] = {"float32": float32, "float64": float64}
        report["sets"].append({"name": name, "size": size, "files": files, "values": values})
    print_report(report)


def compare_pictures(presets, checkouts, folder, partial, out):
    from compat_pictures import presets_to_features

    found = presets_to_features(presets, folder, partial, checkouts)
    features = {
        preset: {end: save_array(out, f"pictures-{preset}-{end}", rows) for end, rows in ends.items()}
        for preset, ends in found.items()
    }
    print_report({"versions": versions(), "features": features})


def write_golden(path, presets, checkouts):
    """Of all presets, or of some into the file that is there."""
    part_size = 400
    data = arrays_to_data(size_to_arrays(SMALL), SMALL, part_size)
    golden = {
        "_meta": {
            "made_by": "bench/peers/compat_peer.py --golden",
            "versions": versions(),
            "values": "of the libraries' own functions on float64 arrays, where they have float16 in float32; seeds are 2020",
            "arrays": "mat(seed, n, d, scale, shift) of test/metrics/seeded-features.ts",
        },
        "size": {**SMALL, "part_size": part_size},
        "mifid_threshold": MIFID_THRESHOLD,
        "recipes": RECIPES,
        "values": {name: preset_to_values(name, data, checkouts, np.float64) for name in presets},
    }
    if set(presets) != set(PRESETS):
        with open(path) as file:
            known = json.load(file)
        known["_meta"]["versions_of"] = {**known["_meta"].get("versions_of", {}), ",".join(presets): versions()}
        golden = {**known, "values": known["values"] | golden["values"]}
    with open(f"{path}.part", "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")
    os.replace(f"{path}.part", path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--presets", default=",".join(PRESETS))
    parser.add_argument("--checkouts", help="folder of stylegan3, TTUR, guided-diffusion, torch-fidelity")
    parser.add_argument("--sizes", default="narrow,wide")
    parser.add_argument("--pictures", help="folder of pictures")
    parser.add_argument("--partial", help="safetensors, whose gaps are filled as in gap_fill.py")
    parser.add_argument("--out", help="folder for arrays (.npy)")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--golden", help=".json to write")
    args = parser.parse_args()
    set_threads(args.threads)
    presets, checkouts = args.presets.split(","), Checkouts(args.checkouts)
    if args.golden:
        write_golden(args.golden, presets, checkouts)
    elif args.pictures:
        compare_pictures(presets, checkouts, args.pictures, args.partial, args.out)
    else:
        sizes = {name: {"wide": WIDE, "narrow": NARROW}[name] for name in args.sizes.split(",")}
        compare_metrics(presets, checkouts, sizes, args.out)


if __name__ == "__main__":
    main()
