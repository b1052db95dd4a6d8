"""torch-fidelity's precision and recall, or prdc's four values, of features in files; JSON on stdout.

    python neighbours_peer.py --library torch-fidelity|prdc --folder FOLDER --width 2048 --neighbours 5

FOLDER has real.f32 and fake.f32: raw little-endian float32, row-major.
"""

import argparse
import contextlib
import os
import resource
import sys

import numpy as np

from peer_report import Stages, library_versions, print_report, set_threads


def torch_fidelity_metrics(real, fake, neighbours):
    import torch
    from torch_fidelity.metric_prc import prc_features_to_metric

    return prc_features_to_metric(
        torch.from_numpy(fake),
        torch.from_numpy(real),
        prc_neighborhood=neighbours,
        prc_batch_size=10000,
        save_cpu_ram=False,
        verbose=False,
    )


def prdc_metrics(real, fake, neighbours):
    from prdc import compute_prdc

    with contextlib.redirect_stdout(sys.stderr):
        values = compute_prdc(real, fake, neighbours)
    return {name: float(value) for name, value in values.items()}


LIBRARIES = {"torch-fidelity": torch_fidelity_metrics, "prdc": prdc_metrics}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", required=True, choices=sorted(LIBRARIES))
    parser.add_argument("--folder", required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--neighbours", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    threads = set_threads(args.threads)
    real, fake = (
        np.fromfile(os.path.join(args.folder, f"{side}.f32"), dtype="<f4").reshape(-1, args.width)
        for side in ("real", "fake")
    )
    stages = Stages()
    with stages.stage(args.library):
        metrics = LIBRARIES[args.library](real, fake, args.neighbours)
    print_report(
        {
            "library": args.library,
            "versions": library_versions(args.library),
            "threads": threads,
            "metrics": metrics,
            "seconds": stages.seconds,
            "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )


if __name__ == "__main__":
    main()
