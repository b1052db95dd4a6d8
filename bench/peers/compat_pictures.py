"""Features of pictures in a folder by the libraries behind the presets: their own decoding, resize, scale and network.

The gap-filled weights stand in for the official ones everywhere. clean-fid's network is a TorchScript file that goes with
the official weights: its own wrapper calls pytorch-fid's class instead, which it hands 299 x 299 scaled pictures.
StyleGAN's is the same file, resize and all, so it is left out. TTUR and guided-diffusion run in TensorFlow, on `graph_def.py`.
"""

import os
import tempfile
import types
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from compat_metrics import has_tensorflow, load_evaluator

ENDS = ["2048", "logits_unbiased"]


def folder_to_files(folder):
    return sorted(Path(folder).iterdir())


def torch_fidelity(folder, weights, _):
    import torch_fidelity.utils as library

    settings = {"input1": folder, "batch_size": 1, "cuda": False, "cache": False, "verbose": False}
    network = library.create_feature_extractor(
        "inception-v3-compat", ENDS, feature_extractor_weights_path=weights.state, **settings
    )
    found = library.extract_featuresdict_from_input_id(1, network, **settings)
    return {end: found[end].numpy() for end in ENDS}


def pytorch_fid(folder, weights, _):
    import pytorch_fid.fid_score as library

    from pytorch_fid_peer import network_with_weights

    network = network_with_weights(weights.state, 2048)
    return {"2048": library.get_activations(folder_to_files(folder), network, 1, 2048, "cpu", 0)}


def clean_fid(folder, weights, _):
    import cleanfid.fid as library
    from cleanfid.inception_torchscript import InceptionV3W

    from pytorch_fid_peer import network_with_weights

    network = network_with_weights(weights.state, 2048).eval()
    network.resize_input = network.normalize_input = False
    layers = types.SimpleNamespace(forward=lambda scaled: network(scaled)[0])
    wrapper = types.SimpleNamespace(resize_inside=False, layers=layers)
    rows = library.get_files_features(
        folder_to_files(folder),
        lambda batch: InceptionV3W.forward(wrapper, batch),
        num_workers=0,
        batch_size=1,
        device="cpu",
        mode="clean",
        verbose=False,
    )
    return {"2048": rows}


def torchmetrics(folder, weights, _):
    from torchmetrics.image.fid import NoTrainInceptionV3

    # Its `forward` is this and takes the first end.
    network = NoTrainInceptionV3("inception-v3-compat", ENDS, weights.state)
    with torch.no_grad():
        rows = [
            network._torch_fidelity_forward(torch.from_numpy(picture.transpose(2, 0, 1).copy())[None])
            for picture in decoded(folder)
        ]
    return {end: torch.cat(of).numpy() for end, of in zip(ENDS, zip(*rows))}


def decoded(folder):
    for file in folder_to_files(folder):
        yield np.array(Image.open(file).convert("RGB"))


def ttur(folder, weights, checkouts):
    if not has_tensorflow():
        return {}
    import tensorflow.compat.v1 as tf

    library = checkouts.load("TTUR/fid.py", "ttur_fid")
    with tf.Graph().as_default(), tf.Session() as session:
        library.create_inception_graph(weights.graph)
        rows = [library.get_activations(p[None].astype(np.float32), session, 1) for p in decoded(folder)]
    return {"2048": np.concatenate(rows)}


def adm(folder, weights, checkouts):
    if not has_tensorflow():
        return {}
    library = load_evaluator(checkouts)
    library.INCEPTION_V3_PATH = weights.graph
    with library.tf.Graph().as_default(), library.tf.Session() as session:
        evaluator = library.Evaluator(session)
        pooled, spatial = evaluator.compute_activations(picture[None] for picture in decoded(folder))
    return {"2048": pooled, "spatial": spatial}


PRESETS = {
    "torch-fidelity": torch_fidelity,
    "pytorch-fid": pytorch_fid,
    "clean-fid": clean_fid,
    "torchmetrics": torchmetrics,
    "ttur": ttur,
    "adm": adm,
}


def presets_to_features(names, folder, partial, checkouts):
    """Per preset the rows [pictures, width] of each end, float32."""
    from gap_fill import filled_to_state_dict, partial_to_filled
    from graph_def import write_graph_def

    with tempfile.TemporaryDirectory() as work:
        weights = types.SimpleNamespace(
            state=os.path.join(work, "filled.pth"), graph=os.path.join(work, "classify_image_graph_def.pb")
        )
        torch.save(filled_to_state_dict(partial_to_filled(partial)), weights.state)
        if has_tensorflow() and {"ttur", "adm"} & set(names):  # TensorFlow and PyTorch's compiler do not load together
            write_graph_def(partial, weights.graph)
        found = {name: PRESETS[name](folder, weights, checkouts) for name in names if name in PRESETS}
    return {name: {end: rows.astype(np.float32) for end, rows in ends.items()} for name, ends in found.items()}
