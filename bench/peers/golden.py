"""Features of the gap-filled network on pictures that anyone can regenerate, by both Python libraries.

    python bench/peers/golden.py --partial inception-2015-12-05-partial.safetensors \
        --out test/inception/fixtures/gap-filled-torch-fidelity.json

Each library resizes in float32, as it always does, and then its network runs in float64, so that what is stored
is the value itself; `float32_distance` says how far the library's usual float32 run is from it: |a - b| / |b|,
Euclidean. torch-fidelity's own option for float64 is not used: in 0.4.0 its table maps "float64" to float32.
"""

import argparse
import hashlib
import json
import os
import tempfile

import numpy as np
import torch
import torch_fidelity.feature_extractor_inceptionv3 as fidelity
import torchvision.transforms as TF

from gap_fill import GAPS, SEED, filled_to_state_dict, mulberry32, partial_to_filled
from peer_report import library_versions
from pytorch_fid_peer import network_with_weights

LAYERS = ["64", "192", "768", "2048", "logits_unbiased"]


def noise(seed, height, width):
    """floor(256 u), u from mulberry32(seed), in the order row, column, channel."""
    count = height * width * 3
    return np.floor(mulberry32(seed, 0, count) * 256).astype(np.uint8).reshape(height, width, 3)


def pattern(height, width):
    """((x * x + 3 * y * x + 40 * c * y) >> 3) & 255: smooth in places, and integers only."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return (((x * x + 3 * y * x + 40 * c * y) >> 3) & 255).astype(np.uint8)


PICTURES = {
    "noise 64x48": ({"recipe": "noise", "seed": 1, "height": 48, "width": 64}, lambda: noise(1, 48, 64)),
    "noise 299x299": ({"recipe": "noise", "seed": 2, "height": 299, "width": 299}, lambda: noise(2, 299, 299)),
    "pattern 80x120": ({"recipe": "pattern", "height": 120, "width": 80}, lambda: pattern(120, 80)),
    "pattern 512x384": ({"recipe": "pattern", "height": 384, "width": 512}, lambda: pattern(384, 512)),
}


def vector_to_summary(exact, usual):
    """First 16 values, and figures that every element enters; `ramp` (sum of v_i (i + 1) / n) minds the order."""
    v = exact.astype(np.float64)
    return {
        "length": len(v),
        "first": [float(x) for x in v[:16]],
        "mean": float(v.mean()),
        "std": float(v.std()),
        "min": float(v.min()),
        "max": float(v.max()),
        "norm": float(np.linalg.norm(v)),
        "ramp": float((v * np.arange(1, len(v) + 1)).sum() / len(v)),
        "float32_distance": float(np.linalg.norm(usual.astype(np.float64) - v) / np.linalg.norm(v)),
    }


def run_torch_fidelity(weights, picture, dtype):
    network = fidelity.FeatureExtractorInceptionV3(
        "inception-v3-compat", LAYERS, feature_extractor_weights_path=weights
    ).to(dtype)
    batch = torch.from_numpy(picture.transpose(2, 0, 1).copy())[None]
    resize = fidelity.interpolate_bilinear_2d_like_tensorflow1x
    fidelity.interpolate_bilinear_2d_like_tensorflow1x = lambda x, **options: resize(x, **options).to(dtype)
    maps = []
    network.Mixed_6d.branch1x1.register_forward_hook(lambda module, inputs, output: maps.append(output))
    try:
        with torch.no_grad():
            features = network(batch)
    finally:
        fidelity.interpolate_bilinear_2d_like_tensorflow1x = resize
    ends = {layer: values[0].numpy() for layer, values in zip(LAYERS, features)}
    # sFID's: the first seven channels of mixed_6/conv, channels last
    return ends | {"spatial": maps[0][0, :7].permute(1, 2, 0).flatten().numpy()}


def run_pytorch_fid(weights, picture, dtype):
    network = network_with_weights(weights, 2048)
    network.output_blocks = [0, 1, 2, 3]
    network.resize_input = False
    network.eval().to(dtype)
    with torch.no_grad():
        # the call that its forward makes when resize_input is set
        resized = torch.nn.functional.interpolate(
            TF.ToTensor()(picture)[None], size=(299, 299), mode="bilinear", align_corners=False
        )
        maps = network(resized.to(dtype))
    pooled = [torch.nn.functional.adaptive_avg_pool2d(m, (1, 1))[0, :, 0, 0].numpy() for m in maps]
    return dict(zip(["64", "192", "768", "2048"], pooled))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--partial", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    tensors = partial_to_filled(args.partial)
    golden = {
        "_meta": {
            "made_by": "bench/peers/golden.py",
            "versions": library_versions("torch-fidelity", "pytorch-fid"),
            "fill": "bench/peers/gap_fill.py",
            "seed": SEED,
            "fill_sha256": {name: hashlib.sha256(tensors[name].astype("<f4").tobytes()).hexdigest() for name, *_ in GAPS},
            "pictures": "uint8, row-major [height, width, 3]; noise: floor(256 u), u from mulberry32(seed); "
            "pattern: ((x * x + 3 * y * x + 40 * c * y) >> 3) & 255",
            "sides": "torch_fidelity: TF 1 bilinear to 299, (x - 128) / 128; "
            "pytorch_fid: half-pixel bilinear to 299 of x / 255, then 2 x - 1",
            "values": "of the network run in float64 on the float32 resize; float32_distance: |float32 run - it| / |it|",
        },
        "pictures": {},
    }
    with tempfile.TemporaryDirectory() as folder:
        weights = os.path.join(folder, "filled.pth")
        torch.save(filled_to_state_dict(tensors), weights)
        for name, (recipe, draw) in PICTURES.items():
            picture = draw()
            entry = {**recipe, "sha256": hashlib.sha256(picture.tobytes()).hexdigest()}
            for side, run in (("torch_fidelity", run_torch_fidelity), ("pytorch_fid", run_pytorch_fid)):
                exact, usual = (run(weights, picture, dtype) for dtype in (torch.float64, torch.float32))
                entry[side] = {layer: vector_to_summary(exact[layer], usual[layer]) for layer in exact}
            golden["pictures"][name] = entry
    os.makedirs(os.path.dirname(args.out), exist_ok=True)
    with open(f"{args.out}.part", "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")
    os.replace(f"{args.out}.part", args.out)


if __name__ == "__main__":
    main()
