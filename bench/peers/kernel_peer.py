"""torch-fidelity's KID of features in files; JSON on stdout.

    python kernel_peer.py --folder FOLDER --width 2048 [--type float32|float64]

FOLDER has real.f32 and fake.f32: raw little-endian float32, row-major. The library computes in the type it is given; its
own network gives float32.
"""

import argparse
import os
import resource

import numpy as np
import torch
from torch_fidelity.metric_kid import kid_features_to_metric

from peer_report import Stages, library_versions, print_report, set_threads


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--type", choices=["float32", "float64"], default="float32")
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    threads = set_threads(args.threads)
    fake, real = (
        torch.from_numpy(
            np.fromfile(os.path.join(args.folder, f"{side}.f32"), dtype="<f4")
            .reshape(-1, args.width)
            .astype(args.type)
        )
        for side in ("fake", "real")
    )
    stages = Stages()
    with stages.stage("kid"):
        metrics = kid_features_to_metric(
            fake, real, kid_subsets=100, kid_subset_size=1000, rng_seed=2020, verbose=False
        )
    print_report(
        {
            "library": "torch-fidelity",
            "versions": library_versions("torch-fidelity"),
            "threads": threads,
            "type": args.type,
            "metrics": metrics,
            "seconds": stages.seconds,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )


if __name__ == "__main__":
    main()
