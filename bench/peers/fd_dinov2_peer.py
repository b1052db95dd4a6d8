"""What the programs behind the presets of FD-DINOv2 and CMMD make of two folders of pictures, for bench/compat-networks.js.

    python fd_dinov2_peer.py --real FOLDER --fake FOLDER --checkouts DIR --presets dgm-eval,edm2,... --out DIR

Prints JSON: per preset the files (.npy) of its inputs to the network and of the network's rows, and its distance. DIR gets
`network-224.onnx`, `network-336.onnx` (random weights) and `inputs-*.onnx` (the input, flat), which the other side opens.
"""

import argparse
import contextlib
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from compat_metrics import Checkouts
from compat_networks import FEATURES, decoded, to_distance
from peer_report import library_versions, print_report, save_array, set_threads

WIDTH = 48
SIDES = {"cmmd": 336}


def random_weights():
    """Patches of 14 x 14, then a mixing of neighbours, then a mean: rows of 48."""
    draw = np.random.RandomState(15)

    def he(*shape):
        return (draw.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))).astype(np.float32)

    return {"patch": he(96, 3, 14, 14), "mix": he(96, 96, 3, 3), "head": he(WIDTH, 96)}


class Network(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.patch, self.mix, self.head = (torch.from_numpy(weights[name]) for name in ("patch", "mix", "head"))

    def forward(self, pictures):
        maps = torch.relu(torch.nn.functional.conv2d(pictures, self.patch, stride=14))
        maps = torch.relu(torch.nn.functional.conv2d(maps, self.mix, padding=1))
        return maps.mean((2, 3)) @ self.head.T


class Inputs(torch.nn.Module):
    """Gives its input, flat."""

    def forward(self, pictures):
        return pictures.flatten(1).contiguous()


def write_onnx(path, side, width, nodes, weights):
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, side, side])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", width])],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, path)


def write_networks(out, weights):
    node = helper.make_node
    nodes = [
        node("Conv", ["pixel_values", "patch"], ["a"], strides=[14, 14]),
        node("Relu", ["a"], ["b"]),
        node("Conv", ["b", "mix"], ["c"], pads=[1, 1, 1, 1]),
        node("Relu", ["c"], ["d"]),
        node("GlobalAveragePool", ["d"], ["e"]),
        node("Flatten", ["e"], ["f"]),
        node("Gemm", ["f", "head"], ["features"], transB=1),
    ]
    for side in (224, 336):
        write_onnx(out / f"network-{side}.onnx", side, WIDTH, nodes, weights)
        flat = [node("Flatten", ["pixel_values"], ["features"])]
        write_onnx(out / f"inputs-{side}.onnx", side, 3 * side * side, flat, {})


def main():
    parser = argparse.ArgumentParser()
    for name in ("real", "fake", "checkouts", "presets", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    set_threads(args.threads)
    out, checkouts, weights = Path(args.out), Checkouts(args.checkouts), random_weights()
    out.mkdir(parents=True, exist_ok=True)
    write_networks(out, weights)
    found = {}
    with torch.no_grad(), contextlib.redirect_stdout(sys.stderr):
        for preset in args.presets.split(","):
            features_of = FEATURES[preset]
            rows = {side: features_of(getattr(args, side), Network(weights), checkouts) for side in ("real", "fake")}
            rows = {side: np.asarray(of, np.float32) for side, of in rows.items()}
            # CMMD's come out at length 1, as its embeddings do.
            inputs = np.asarray(features_of(args.fake, Inputs(), checkouts), np.float32)
            doubles = [of.astype(np.float64) for of in rows.values()]
            found[preset] = {
                "side": SIDES.get(preset, 224),
                "distance": float(to_distance(preset, rows["real"], rows["fake"], checkouts)),
                "distance64": float(to_distance(preset, *doubles, checkouts)),
                "rows": {side: save_array(out, f"{preset}-{side}", of) for side, of in rows.items()},
                "inputs": save_array(out, f"{preset}-inputs", inputs),
            }
    pixels = np.concatenate([picture.ravel() for picture in decoded(args.fake)])
    print_report(
        {
            "versions": library_versions("torchvision", "torch-fidelity", "transformers", "scikit-learn"),
            "pixels": save_array(out, "pixels", pixels),
            "presets": found,
        }
    )


if __name__ == "__main__":
    main()
