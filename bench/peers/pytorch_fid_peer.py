"""pytorch-fid's own network, resize, statistics and distance on folders of pictures; JSON on stdout.

    python pytorch_fid_peer.py --weights filled.pth --input1 FAKE --input2 REAL --out FOLDER

The library can only download its weights. The one thing replaced, and from outside, is the name
`load_state_dict_from_url` in its module: it returns our file's state dict. Its data loader stacks a batch without
resizing, so folders of mixed sizes need --batch-size 1. Pictures lie directly in the folder (the library does not
look deeper).
"""

import argparse
import contextlib
import os
from pathlib import Path

import numpy as np
import pytorch_fid.fid_score as fid_score
import pytorch_fid.inception as inception
import torch

from peer_report import Stages, cpu_capability, library_versions, print_report, save_array, set_threads


def network_with_weights(path, dims):
    inception.load_state_dict_from_url = lambda url, progress: torch.load(path)
    return inception.InceptionV3([inception.InceptionV3.BLOCK_INDEX_BY_DIM[dims]])


def folder_to_files(folder):
    """The files as `compute_statistics_of_path` lists them."""
    extensions = fid_score.IMAGE_EXTENSIONS
    return sorted(file for ext in extensions for file in Path(folder).glob(f"*.{ext}"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True)
    parser.add_argument("--input1", required=True)
    parser.add_argument("--input2", required=True)
    parser.add_argument("--out", required=True, help="folder for the features (.npy)")
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--dims", type=int, default=2048, choices=[64, 192, 768, 2048])
    parser.add_argument("--workers", type=int, default=min(8, len(os.sched_getaffinity(0))))
    parser.add_argument("--skip-fid", action="store_true", help="features only")
    args = parser.parse_args()
    threads = set_threads(args.threads)
    stages = Stages()
    with stages.stage("load"):
        network = network_with_weights(args.weights, args.dims)
    features = {}
    files = {}
    for side, folder in ((1, args.input1), (2, args.input2)):
        # the library prints its warnings to stdout
        with stages.stage("features"), contextlib.redirect_stdout(None):
            features[side] = fid_score.get_activations(
                folder_to_files(folder), network, args.batch_size, args.dims, "cpu", args.workers
            )
        files[f"input{side}-{args.dims}"] = save_array(
            args.out, f"pytorch-fid-input{side}-{args.dims}", features[side].astype(np.float32)
        )
    metrics = {}
    if not args.skip_fid:
        with stages.stage("statistics"):
            (mu1, sigma1), (mu2, sigma2) = [
                (np.mean(features[side], axis=0), np.cov(features[side], rowvar=False)) for side in (1, 2)
            ]
        with stages.stage("frechet"), contextlib.redirect_stdout(None):
            distance = fid_score.calculate_frechet_distance(mu1, sigma1, mu2, sigma2)
        metrics["frechet_inception_distance"] = float(distance)
    print_report(
        {
            "library": "pytorch-fid",
            "versions": library_versions("pytorch-fid"),
            "threads": threads,
            "cpu_capability": cpu_capability(),
            "batch_size": args.batch_size,
            "counts": [len(features[1]), len(features[2])],
            "metrics": metrics,
            "seconds": stages.seconds,
            "features": files,
        }
    )


if __name__ == "__main__":
    main()
