"""The metrics of the libraries behind the presets of `--compat`, from features: each by the library's own functions.

Packages are imported; StyleGAN, TTUR, guided-diffusion and torch-fidelity's development version are no packages, so their
files are loaded from a folder of checkouts (`Checkouts`). TTUR and guided-diffusion import TensorFlow: where it is not
installed, a stand-in takes its name for the functions that are NumPy alone, and guided-diffusion's score, precision and
recall are left out. What stands in for a network is a function that returns the features at hand.
"""

import contextlib
import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import torch

import compat_networks

SEED = 2020

# Above the libraries' 0.1, so that the memorization distance of the arrays counts.
MIFID_THRESHOLD = 0.9


class Checkouts:
    """Sources that are no packages, by folder: `stylegan3`, `TTUR`, `guided-diffusion`, `torch-fidelity`."""

    def __init__(self, folder):
        self.folder = Path(folder) if folder else None

    def has(self, name):
        return self.folder is not None and (self.folder / name).is_dir()

    def load(self, path, name):
        spec = importlib.util.spec_from_file_location(name, self.folder / path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def has_tensorflow():
    return importlib.util.find_spec("tensorflow") is not None


@contextlib.contextmanager
def stand_ins(*names):
    """Empty modules under the names of packages that are not installed, while a file that imports them is loaded."""
    missing = [name for name in names if importlib.util.find_spec(name.split(".")[0]) is None]
    for name in missing:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].imread = None
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


class Data:
    """Features of both sides, logits and spatial features, float32."""

    def __init__(self, real, fake, logits, spatial=None, subsets=100, subset_size=1000, part_size=5000):
        self.real, self.fake, self.logits, self.spatial = real, fake, logits, spatial
        self.subsets, self.subset_size, self.part_size = subsets, subset_size, part_size

    def to(self, dtype):
        spatial = self.spatial and [side.astype(dtype) for side in self.spatial]
        rows = [x.astype(dtype) for x in (self.real, self.fake, self.logits)]
        return Data(*rows, spatial, self.subsets, self.subset_size, self.part_size)


def torch_fidelity(data, checkouts):
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric

    fake, real = torch.from_numpy(data.fake), torch.from_numpy(data.real)
    subsets = {"kid_subsets": data.subsets, "kid_subset_size": data.subset_size}
    found = fid_statistics_to_metric(*map(fid_features_to_statistics, (fake, real)), verbose=False)
    found |= isc_features_to_metric(torch.from_numpy(data.logits))
    found |= kid_features_to_metric(fake, real, verbose=False, **subsets)
    found |= prc_features_to_metric(fake, real, verbose=False)
    if checkouts.has("torch-fidelity"):  # 0.4.0 has no MIND
        defaults = checkouts.load("torch-fidelity/torch_fidelity/defaults.py", "development_defaults").DEFAULTS
        module = checkouts.load("torch-fidelity/torch_fidelity/metric_mind.py", "metric_mind")
        module.get_kwarg = lambda name, given: given.get(name, defaults[name])
        found |= module.mind_features_to_metric(fake, real, verbose=False, cuda=False)
    names = {
        "frechet_inception_distance": "fid.distance",
        "inception_score_mean": "is.mean",
        "inception_score_std": "is.std",
        "kernel_inception_distance_mean": "kid.mean",
        "kernel_inception_distance_std": "kid.std",
        "precision": "pr.precision",
        "recall": "pr.recall",
        "f_score": "pr.f_score",
        "monge_inception_distance": "mind.distance",
    }
    return {names[key]: value for key, value in found.items()}


def pytorch_fid(data, checkouts):
    import pytorch_fid.fid_score as library

    library.get_activations = lambda rows, *_: rows.astype(np.float64)  # np.empty's, as in the library
    with contextlib.redirect_stdout(sys.stderr):
        sides = [library.calculate_activation_statistics(side, None) for side in (data.fake, data.real)]
        return {"fid.distance": library.calculate_frechet_distance(*sides[0], *sides[1])}


def clean_fid(data, checkouts):
    from cleanfid.fid import fid_from_feats, kernel_distance

    with contextlib.redirect_stdout(sys.stderr):
        distance = fid_from_feats(data.fake, data.real)
    np.random.seed(SEED)
    return {
        "fid.distance": distance,
        "kid.mean": kernel_distance(data.real, data.fake, data.subsets, data.subset_size),
    }


class Passing(torch.nn.Module):
    """The extractor of features that are given as pictures."""

    def __init__(self, width):
        super().__init__()
        self.num_features = width

    def forward(self, rows):
        return rows


def torchmetrics(data, checkouts):
    import warnings

    from torchmetrics.image.fid import FrechetInceptionDistance
    from torchmetrics.image.inception import InceptionScore
    from torchmetrics.image.kid import KernelInceptionDistance
    from torchmetrics.image.mifid import MemorizationInformedFrechetInceptionDistance

    warnings.filterwarnings("ignore", message="Metric .* will save all extracted features")
    network = Passing(data.real.shape[1])

    def compute(metric):
        metric.update(torch.from_numpy(data.real), real=True)
        metric.update(torch.from_numpy(data.fake), real=False)
        torch.manual_seed(SEED)
        return metric.compute()

    score = InceptionScore(feature=network)
    score.update(torch.from_numpy(data.logits))
    torch.manual_seed(SEED)
    is_mean, is_std = score.compute()
    kid = KernelInceptionDistance(feature=network, subsets=data.subsets, subset_size=data.subset_size)
    kid_mean, kid_std = compute(kid)
    mifid = MemorizationInformedFrechetInceptionDistance(feature=network, cosine_distance_eps=MIFID_THRESHOLD)
    return {
        "fid.distance": compute(FrechetInceptionDistance(feature=network)),
        "is.mean": is_mean,
        "is.std": is_std,
        "kid.mean": kid_mean,
        "kid.std": kid_std,
        "mifid.mifid": compute(mifid),
    }


class HalvesAs:
    """The module torch or TensorFlow, in which float16 is another type."""

    def __init__(self, module, dtype):
        self.module, self.float16 = module, dtype

    def __getattr__(self, name):
        return getattr(self.module, name)


def stylegan(data, checkouts):
    sys.path.insert(0, str(checkouts.folder / "stylegan3"))
    from metrics import (
        frechet_inception_distance,
        inception_score,
        kernel_inception_distance,
        metric_utils,
        precision_recall,
    )

    def stats_of(rows, **options):
        stats = metric_utils.FeatureStats(capture_all=True, capture_mean_cov=True)
        stats.append(rows)
        stats.get_all = lambda: rows  # `append` makes float32 of them
        return stats

    sides = {"real": data.real, "gen": data.fake}
    metric_utils.compute_feature_stats_for_dataset = lambda **_: stats_of(sides["real"])
    metric_utils.compute_feature_stats_for_generator = lambda **_: stats_of(sides["gen"])
    options = types.SimpleNamespace(rank=0, num_gpus=1, device="cpu")
    count = len(data.fake)
    found = {"fid.distance": frechet_inception_distance.compute_fid(options, None, count)}
    np.random.seed(SEED)
    found["kid.mean"] = kernel_inception_distance.compute_kid(
        options, None, count, data.subsets, data.subset_size
    )
    # A CPU has no distances of halves.
    precision_recall.torch = HalvesAs(torch, torch.from_numpy(data.real).dtype)
    found["pr.precision"], found["pr.recall"] = precision_recall.compute_pr(
        options, None, count, 3, 10000, 10000
    )
    sides["gen"] = torch.from_numpy(data.logits).softmax(dim=1).numpy()  # the detector's last layer
    found["is.mean"], found["is.std"] = inception_score.compute_is(options, len(data.logits), 10)
    return found


def ttur(data, checkouts):
    with stand_ins("tensorflow", "imageio"):
        library = checkouts.load("TTUR/fid.py", "ttur_fid")
    library.get_activations = lambda rows, *_: rows.astype(np.float64)  # np.empty's, as in the library
    sides = [library.calculate_activation_statistics(side, None) for side in (data.fake, data.real)]
    return {"fid.distance": library.calculate_frechet_distance(*sides[0], *sides[1])}


def load_evaluator(checkouts):
    with stand_ins("tensorflow", "tensorflow.compat", "tensorflow.compat.v1"):
        if "tensorflow.compat" in sys.modules and not has_tensorflow():
            sys.modules["tensorflow.compat"].v1 = sys.modules["tensorflow.compat.v1"]
        library = checkouts.load("guided-diffusion/evaluations/evaluator.py", "adm_evaluator")
    np.bool = bool  # NumPy 1.24 removed the name that it uses
    return library


def adm(data, checkouts):
    library = load_evaluator(checkouts)
    evaluator = library.Evaluator.__new__(library.Evaluator)

    def distance(real, fake):
        statistics = [evaluator.compute_statistics(side) for side in (fake, real)]
        return statistics[0].frechet_distance(statistics[1])

    found = {"fid.distance": distance(data.real, data.fake)}
    if data.spatial:
        found["sfid.distance"] = distance(*data.spatial)
    if not has_tensorflow():
        return found
    tf = library.tf
    if data.real.dtype == np.float64:  # its distances go no further than float32
        library.tf = HalvesAs(tf, tf.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        evaluator.sess, evaluator.softmax_batch_size = session, 512
        evaluator.softmax_input = tf.placeholder(data.logits.dtype, [None, data.logits.shape[1]])
        evaluator.softmax = tf.nn.softmax(evaluator.softmax_input)
        found["is.mean"] = evaluator.compute_inception_score(data.logits, data.part_size)
        evaluator.manifold_estimator = library.ManifoldEstimator(session)
        found["pr.precision"], found["pr.recall"] = evaluator.compute_prec_recall(data.real, data.fake)
    return found


PRESETS = compat_networks.METRICS | {
    "torch-fidelity": torch_fidelity,
    "pytorch-fid": pytorch_fid,
    "clean-fid": clean_fid,
    "torchmetrics": torchmetrics,
    "stylegan": stylegan,
    "ttur": ttur,
    "adm": adm,
}

# These make float64 of their features themselves.
FLOAT64_ANYWAY = ("pytorch-fid", "ttur")

# What has to be checked out for a preset.
NEEDS = {
    **{"stylegan": "stylegan3", "ttur": "TTUR", "adm": "guided-diffusion"},
    **{"dgm-eval": "dgm-eval", "edm2": "edm2", "pyiqa": "IQA-PyTorch", "fld": "fld", "cmmd": "cmmd-pytorch"},
}


def preset_to_values(name, data, checkouts, dtype=np.float32):
    """The library's values under the names of ours, `fid.distance`; none where its source is not there."""
    if name in NEEDS and not checkouts.has(NEEDS[name]):
        return {}
    return {key: float(value) for key, value in PRESETS[name](data.to(dtype), checkouts).items()}
