"""FD-DINOv2 and CMMD by the programs behind those presets of `--compat`: from features, and from pictures in a folder.

None is a package that installs beside the others, so their files are loaded from a folder of checkouts: `dgm-eval`, `edm2`,
`IQA-PyTorch`, `fld`, `cmmd-pytorch`; torch-fidelity is the installed package. What they load from torch.hub or Hugging Face
is answered with a small network of random weights, which the caller has as ONNX too: decoding, resize, scale, batches and
the distance are all their own code.
"""

import contextlib
import importlib
import os
import sys
import types
from pathlib import Path

import numpy as np
import torch


def open_checkout(checkouts, folder, *packages):
    """Makes modules below a checkout importable without what its packages import of their own accord."""
    root = checkouts.folder / folder
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    for name in packages:
        if name not in sys.modules:
            module = types.ModuleType(name)
            module.__path__ = [str(root / name.replace(".", "/"))]
            sys.modules[name] = module


def load(name):
    with contextlib.redirect_stdout(sys.stderr):
        return importlib.import_module(name)


def dgm_eval_module(checkouts, name):
    open_checkout(checkouts, "dgm-eval", "dgm_eval", "dgm_eval.models", "dgm_eval.metrics")
    return load(f"dgm_eval.{name}")


def pyiqa_module(checkouts):
    open_checkout(checkouts, "IQA-PyTorch", "pyiqa", "pyiqa.archs", "pyiqa.utils")
    return load("pyiqa.archs.fid_arch")


def edm2_module(checkouts):
    open_checkout(checkouts, "edm2")
    # One process: sums over all of them are its own.
    torch.distributed.all_reduce = lambda values: None
    return load("calculate_metrics")


# Features to metrics.


def dgm_eval(data, checkouts):
    distance = dgm_eval_module(checkouts, "metrics.fd").compute_FD_with_reps(data.real, data.fake)
    prdc = dgm_eval_module(checkouts, "metrics.prdc").compute_prdc(data.real, data.fake, nearest_k=5)
    names = {"precision": "pr.precision", "recall": "pr.recall", "density": "dc.density", "coverage": "dc.coverage"}
    return {"fid.distance": distance} | {names[key]: value for key, value in prdc.items() if key in names}


def edm2_distance(library, real, fake):
    def statistics(batches):
        found = library.calculate_stats_for_iterable(
            batches, metrics=["fd_dinov2"], verbose=False, device=torch.device("cpu")
        )
        return [step.stats for step in found][-1]

    sides = [statistics(side) for side in (fake, real)]
    return library.calculate_metrics_from_stats(*sides, metrics=["fd_dinov2"], verbose=False)["fd_dinov2"]


class Passing:
    """The detector of features that are given as pictures."""

    def __init__(self, width):
        self.feature_dim = width

    def __call__(self, rows):
        return rows


def edm2(data, checkouts):
    library = edm2_module(checkouts)
    library._detector_cache["fd_dinov2"] = Passing(data.real.shape[1])
    return {"fid.distance": edm2_distance(library, [torch.from_numpy(data.real)], [torch.from_numpy(data.fake)])}


def pyiqa_distance(library, real, fake):
    """As `FID.forward` does with two folders."""
    statistics = [(np.mean(side, axis=0), np.cov(side, rowvar=False)) for side in (real, fake)]
    return library.frechet_distance(*statistics[0], *statistics[1])


def pyiqa(data, checkouts):
    return {"fid.distance": pyiqa_distance(pyiqa_module(checkouts), data.real, data.fake)}


def fld(data, checkouts):
    open_checkout(checkouts, "fld")
    from fld.metrics.FID import FID
    from fld.metrics.PrecisionRecall import PrecisionRecall

    real, fake = torch.from_numpy(data.real), torch.from_numpy(data.fake)
    return {
        "fid.distance": FID("train").compute_metric(real, None, fake),
        "pr.precision": PrecisionRecall("Precision").compute_metric(real, None, fake),
        "pr.recall": PrecisionRecall("Recall").compute_metric(real, None, fake),
    }


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cmmd(data, checkouts):
    open_checkout(checkouts, "cmmd-pytorch")
    return {"cmmd.distance": load("distance").mmd(unit(data.real), unit(data.fake)).item()}


METRICS = {"dgm-eval": dgm_eval, "edm2": edm2, "pyiqa": pyiqa, "fld": fld, "cmmd": cmmd}

# Pictures to features and a distance. `network` takes [n, 3, side, side] and gives rows.


@contextlib.contextmanager
def hub_gives(network):
    """torch.hub gives the network, which stays where it is."""
    network.to = lambda *_, **__: network
    real, torch.hub.load = torch.hub.load, lambda *_, **__: network
    try:
        yield
    finally:
        torch.hub.load = real
        del network.to


def folder_to_files(folder):
    return sorted(Path(folder).iterdir())


def dgm_eval_features(folder, network, checkouts):
    encoder_of = dgm_eval_module(checkouts, "models.dinov2").DINOv2Encoder
    loader_of = dgm_eval_module(checkouts, "dataloaders").get_dataloader
    with hub_gives(network):
        encoder = encoder_of(arch="vitl14")
    loader = loader_of(str(folder), batch_size=4, num_workers=0, transform=encoder.transform)
    return dgm_eval_module(checkouts, "representations").get_representations(encoder, loader, "cpu")


def edm2_detector(network, checkouts, resize_mode):
    library = edm2_module(checkouts)
    os.environ.setdefault("DNNLIB_CACHE_DIR", os.environ.get("TMPDIR", "/tmp"))
    with hub_gives(network):
        return library.DINOv2Detector(resize_mode)


def decoded(folder):
    from PIL import Image

    for file in folder_to_files(folder):
        yield np.array(Image.open(file).convert("RGB"))


def edm2_features(folder, network, checkouts, resize_mode="torch"):
    """One picture at a time: its data sets are of one size."""
    detector = edm2_detector(network, checkouts, resize_mode)
    with hub_gives(network):
        rows = [detector(torch.from_numpy(p.transpose(2, 0, 1).copy())[None]) for p in decoded(folder)]
    return torch.cat(rows).numpy()


def pyiqa_features(folder, network, checkouts):
    library = pyiqa_module(checkouts)
    with hub_gives(network):
        return library.get_folder_features(
            str(folder), library.DINOv2(), num_workers=0, test_img_size=(224, 224), device="cpu", verbose=False
        )


def fld_features(folder, network, checkouts):
    open_checkout(checkouts, "fld")
    from fld.datasets.ImageFilesDataset import ImageFilesDataset
    from fld.features.DINOv2FeatureExtractor import DINOv2FeatureExtractor

    with hub_gives(network):
        extractor = DINOv2FeatureExtractor()
        pictures = ImageFilesDataset(str(folder), extension="jpg", transform=extractor.preprocess)
        pictures.load_files()
        pictures.files.sort()
        rows = [extractor.get_feature_batch(pictures[i][0][None]) for i in range(len(pictures))]
    return torch.cat(rows).numpy()


def torch_fidelity_features(folder, network, _):
    from torch_fidelity.feature_extractor_dinov2 import FeatureExtractorDinoV2

    with hub_gives(network):
        extractor = FeatureExtractorDinoV2("dinov2-vit-l-14", ["dinov2"])
        extractor.to = lambda *_: extractor
        rows = [extractor(torch.from_numpy(p.transpose(2, 0, 1).copy())[None])[0] for p in decoded(folder)]
    return torch.cat(rows).numpy()


def cmmd_features(folder, network, checkouts):
    open_checkout(checkouts, "cmmd-pytorch")
    import transformers

    class Model:
        def eval(self):
            return self

        def __call__(self, pixel_values):
            return types.SimpleNamespace(image_embeds=network(pixel_values))

    # The published processor's settings: https://huggingface.co/openai/clip-vit-large-patch14-336
    processor = transformers.CLIPImageProcessor(
        crop_size={"height": 336, "width": 336}, size={"shortest_edge": 336}, do_convert_rgb=True
    )
    transformers.CLIPImageProcessor.from_pretrained = lambda *_: processor
    transformers.CLIPVisionModelWithProjection.from_pretrained = lambda *_: Model()
    model = load("embedding").ClipEmbeddingModel()
    return load("io_util").compute_embeddings_for_dir(str(folder), model, 4)


FEATURES = {
    "dgm-eval": dgm_eval_features,
    "edm2": edm2_features,
    "torch-fidelity": torch_fidelity_features,
    "pyiqa": pyiqa_features,
    "fld": fld_features,
    "cmmd": cmmd_features,
}


def to_distance(preset, real, fake, checkouts):
    """The program's own distance of what it extracted."""
    if preset == "cmmd":
        return load("distance").mmd(real, fake).item()
    if preset == "torch-fidelity":
        from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

        sides = [fid_features_to_statistics(torch.from_numpy(side)) for side in (fake, real)]
        return fid_statistics_to_metric(*sides, verbose=False)["frechet_inception_distance"]
    data = types.SimpleNamespace(real=real, fake=fake)
    if preset == "dgm-eval":
        return dgm_eval_module(checkouts, "metrics.fd").compute_FD_with_reps(real, fake)
    return METRICS[preset](data, checkouts)["fid.distance"]
