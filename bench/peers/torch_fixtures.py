"""Writes the small real `torch.save` files that the tests of our .pth reader load, and what they hold.

    python bench/peers/torch_fixtures.py test/formats/fixtures

torch-zip.pth and torch-legacy.pth are one state dict (an OrderedDict with `_metadata`, as nn.Module makes it)
in torch's two file formats; torch-expected.json lists every tensor's dtype, shape and values in row-major order.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn


def small_state_dict():
    torch.manual_seed(7)
    module = nn.Module()
    module.Conv2d_1a_3x3 = nn.Module()
    module.Conv2d_1a_3x3.conv = nn.Conv2d(3, 2, kernel_size=(3, 1), bias=False)
    module.Conv2d_1a_3x3.bn = nn.BatchNorm2d(2, eps=0.001)
    module.fc = nn.Linear(5, 4)
    module.Conv2d_1a_3x3.bn.running_mean.copy_(torch.tensor([0.25, -1.5]))
    module.Conv2d_1a_3x3.bn.num_batches_tracked.fill_(2**40 + 3)
    state = module.state_dict()
    shared = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
    state["shared.base"] = shared
    state["shared.transposed"] = shared.t()  # strides (1, 6) over the storage of shared.base
    state["shared.window"] = shared[1:3, 2:5]  # storage offset 8
    state["parameter"] = nn.Parameter(torch.tensor([[1.5, -2.0], [3.25, float("inf")]]))
    state["scalar"] = torch.tensor(0.1)
    state["empty"] = torch.zeros(0, 3)
    state["double"] = torch.tensor([0.1, -1e30], dtype=torch.float64)
    state["half"] = torch.tensor([0.1, 65504.0], dtype=torch.float16)
    state["bytes"] = torch.tensor([0, 127, 255], dtype=torch.uint8)
    return state


def tensor_to_expected(tensor):
    values = [float(v) if v.is_floating_point() else int(v) for v in tensor.detach().flatten()]
    # JSON has no infinity
    values = ["Infinity" if v == float("inf") else v for v in values]
    return {"dtype": str(tensor.dtype).replace("torch.", ""), "shape": list(tensor.shape), "values": values}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    state = small_state_dict()
    torch.save(state, folder / "torch-zip.pth")
    torch.save(state, folder / "torch-legacy.pth", _use_new_zipfile_serialization=False)
    expected = {
        "_made": f"bench/peers/torch_fixtures.py with torch {torch.__version__}",
        "tensors": {name: tensor_to_expected(tensor) for name, tensor in state.items()},
    }
    (folder / "torch-expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
