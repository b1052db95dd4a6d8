"""torch-fidelity's own network, resize, statistics and metrics on folders of pictures; JSON on stdout.

    python torch_fidelity_peer.py --weights filled.pth --input1 FAKE --input2 REAL --out FOLDER

The weights go in through the library's own `feature_extractor_weights_path`. Its data loader stacks a batch
without resizing, so folders of mixed sizes need --batch-size 1.
"""

import argparse

import torch_fidelity.utils as fidelity
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric

from peer_report import Stages, cpu_capability, library_versions, print_report, save_array, set_threads

LAYERS = ["64", "192", "768", "2048", "logits_unbiased"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True)
    parser.add_argument("--input1", required=True, help="generated pictures: the Inception Score is of these")
    parser.add_argument("--input2", required=True, help="real pictures")
    parser.add_argument("--out", required=True, help="folder for the features (.npy)")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--layers", default="2048,logits_unbiased", help=f"of {','.join(LAYERS)}")
    parser.add_argument("--skip-fid", action="store_true", help="features and score only")
    args = parser.parse_args()
    threads = set_threads(args.threads)
    layers = args.layers.split(",")
    settings = {
        "input1": args.input1,
        "input2": args.input2,
        "batch_size": args.batch_size,
        "cuda": False,
        "cache": False,
        "verbose": False,
        "samples_find_deep": True,
    }
    stages = Stages()
    with stages.stage("load"):
        network = fidelity.create_feature_extractor(
            "inception-v3-compat", layers, feature_extractor_weights_path=args.weights, **settings
        )
    features = {}
    files = {}
    for side in (1, 2):
        with stages.stage("features"):
            features[side] = fidelity.extract_featuresdict_from_input_id(side, network, **settings)
        for layer in layers:
            files[f"input{side}-{layer}"] = save_array(
                args.out, f"torch-fidelity-input{side}-{layer}", features[side][layer].numpy()
            )
    metrics = {}
    if "2048" in layers and not args.skip_fid:
        with stages.stage("statistics"):
            statistics = [fid_features_to_statistics(features[side]["2048"]) for side in (1, 2)]
        with stages.stage("frechet"):
            metrics |= fid_statistics_to_metric(*statistics, verbose=False)
    if "logits_unbiased" in layers:
        with stages.stage("inception_score"):
            metrics |= isc_features_to_metric(
                features[1]["logits_unbiased"], splits=10, shuffle=True, rng_seed=2020
            )
    print_report(
        {
            "library": "torch-fidelity",
            "versions": library_versions("torch-fidelity"),
            "threads": threads,
            "cpu_capability": cpu_capability(),
            "batch_size": args.batch_size,
            "counts": [len(features[side][layers[0]]) for side in (1, 2)],
            "metrics": metrics,
            "seconds": stages.seconds,
            "features": files,
        }
    )


if __name__ == "__main__":
    main()
