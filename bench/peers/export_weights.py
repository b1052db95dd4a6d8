"""Writes the gap-filled FID network as a .pth that pytorch-fid and torch-fidelity load unchanged.

    python bench/peers/export_weights.py --partial inception-2015-12-05-partial.safetensors --out /tmp/filled.pth

Prints, as JSON, the sha256 of the fill's bytes (to compare with the TypeScript fill) and how far batch norm with
these statistics is from adding the bias alone.
"""

import argparse
import hashlib
import json

import torch

from gap_fill import GAPS, SEED, filled_to_state_dict, partial_to_filled


def batch_norm_residual(state):
    """Largest |bn(x) - (x + bias)| over the network's layers, on random x; 0 where batch norm is exact."""
    generator = torch.Generator().manual_seed(1)
    worst = 0.0
    for name in [key[: -len(".weight")] for key in state if key.endswith(".bn.weight")]:
        bias = state[f"{name}.bias"]
        bn = torch.nn.BatchNorm2d(len(bias), eps=0.001).eval()
        bn.load_state_dict({k.rsplit(".", 1)[1]: v for k, v in state.items() if k.startswith(f"{name}.")})
        x = torch.randn(2, len(bias), 9, 9, generator=generator) * 3
        with torch.no_grad():
            worst = max(worst, float((bn(x) - (x + bias.reshape(1, -1, 1, 1))).abs().max()))
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--partial", required=True, help="safetensors with the 92 convolutions and 94 biases")
    parser.add_argument("--out", required=True, help=".pth to write")
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    tensors = partial_to_filled(args.partial, args.seed)
    state = filled_to_state_dict(tensors)
    torch.save(state, args.out)
    print(
        json.dumps(
            {
                "out": args.out,
                "seed": args.seed,
                "fill_sha256": {
                    name: hashlib.sha256(tensors[name].astype("<f4").tobytes()).hexdigest() for name, *_ in GAPS
                },
                "batch_norm_largest_error": batch_norm_residual(state),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
