"""Losses and gradients of every preset at one fixed state, by PyTorch in float64, each model as its paper means it.

    mkdir -p test/train/fixtures
    python bench/peers/loss_goldens.py > test/train/fixtures/preset-goldens.json
    npx biome format --write test/train/fixtures/preset-goldens.json

The file holds all that the losses are computed from: multiples of 1/256, exact in float32, but for `spectral`. Results
have 10 significant digits. Arrays are `{shape, data}`, row-major. The state is golden_state.py's, the losses
golden_losses.py's.

`inputs`    latents [4, 3], real [4, 4], real_labels and fake_labels [4] (of 3 classes), codes [4, 2]; mix [4, 1] and
            noise [4, 4] for penalties.
`networks`  dense1, an activation, dense2, by the names that our networks give: y = x W + b, W as [in, out]. An
            autoencoder's embedding is dense1's output before the activation.
`spectral`  for sngan: by weight, `u` [out] before, and `v` = W u / |W u| [in], `next_u` = W' v / |W' v| [out] after one
            power iteration. W is divided by v' W next_u, where v and next_u are constants to gradients.
`presets`   `generator` and `discriminator`: the networks' names. `generator_input`: the inputs that are concatenated
            (labels as one-hot). `discriminator_input`: what is concatenated for one row of it, or `pack`, the number of
            consecutive pictures in it. `discriminator_output`: [name, width] of what is concatenated in its output.
            `generator_loss`, `discriminator_loss` (with the penalty), `penalty` (weighted, where there is one).
            `generator_gradients`, `discriminator_gradients`: of that player's loss by its own weights, both at the
            given weights and on the same fakes, constants to the discriminator. `constants`: the model's numbers;
            `after`: what it computes besides. `note`: what was chosen where the paper and programs leave room.
"""

import json
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F

from golden_losses import (
    BEGAN,
    EBGAN,
    INFOGAN,
    boundary_equilibrium,
    boundary_seeking,
    divergence,
    energy_based,
    equilibrium_after,
    hinged,
    interpolated,
    least_squares,
    minimax,
    near_real,
    non_saturating,
    r1,
    relativistic,
    softmax,
    wasserstein,
    with_classes,
    with_information,
)
from golden_state import BATCH, CLASSES, CODES, INPUTS, NETWORKS, PIXELS, SPECTRAL, given

# What a loss reads of a batch of pictures.


def outputs_of(d, pictures, _labels):
    return d(pictures)


def conditional_logits(d, pictures, labels):
    return d(torch.cat([pictures, F.one_hot(labels, CLASSES)], 1))


def logits_of_pairs(d, pictures, _labels):
    return d(pictures.reshape(-1, 2 * PIXELS))


def residues_and_embeddings(d, pictures, _labels):
    return d(pictures) - pictures, d.embed(pictures)


def spectral_logits(d, pictures, _labels):
    normalised = dict(d.weights)
    for name, weight in d.weights.items():
        if weight.dim() == 2:
            v, u = SPECTRAL[name]["v"], SPECTRAL[name]["next_u"]
            normalised[name] = weight / (v @ weight @ u)
    return d(pictures, normalised)


LOGIT = [["logit", 1]]


def row(losses, note=None, penalty=None, **options):
    defaults = {
        "generator": "generator",
        "discriminator": "discriminator",
        "generator_input": ["latents"],
        "discriminator_input": ["picture"],
        "discriminator_output": LOGIT,
        "read": outputs_of,
        "after": None,
        "constants": None,
    }
    return SimpleNamespace(**{**defaults, **options}, losses=losses, note=note, penalty=penalty)


autoencoder = {
    "discriminator": "autoencoder",
    "discriminator_output": [["reconstruction", PIXELS]],
    "read": residues_and_embeddings,
}
of_classes = {"generator": "generator-of-classes", "generator_input": ["latents", "fake_labels"]}

PRESETS = {
    "gan": row(non_saturating),
    "mmgan": row(minimax),
    "dcgan": row(non_saturating),
    "lsgan": row(least_squares, "Both losses are halved, as in the paper."),
    "wgan": row(wasserstein, "Clipping comes after the step and changes neither loss nor gradient."),
    "wgan_gp": row(wasserstein, penalty=interpolated),
    "wgan_div": row(
        wasserstein,
        "Half the sum of the slopes' sixth powers at real and at fake pictures, as PyTorch-GAN; the paper leaves the"
        " points open.",
        penalty=divergence,
    ),
    "softmax_gan": row(softmax),
    "bgan": row(boundary_seeking),
    "dragan": row(
        non_saturating,
        "Penalty on the logit, at real + mix deviation/2 noise: one mix a picture, as the authors' program;"
        " the population's deviation over the whole batch.",
        penalty=near_real,
    ),
    "relativistic_gan": row(
        relativistic,
        "The standard one, of pairs by their place in the batch; not the average one.",
    ),
    "began": row(
        boundary_equilibrium,
        "Mean absolute error. Both players and the next k see the same fakes; the paper allows the two"
        " players latents of their own.",
        **autoencoder,
        after=equilibrium_after,
        constants=BEGAN,
    ),
    "ebgan": row(
        energy_based,
        "The energy is the mean squared error of a picture, as programs have it; the paper writes its norm. Cosines are"
        " squared as in the paper. Margin 1. The hinge is inside the mean.",
        **autoencoder,
        constants=EBGAN,
    ),
    "cgan": row(
        least_squares,
        "Least squares, halved, where the paper has cross-entropy; fakes are judged with the labels they were made of.",
        **of_classes,
        discriminator="discriminator-given-classes",
        discriminator_input=["picture", "labels"],
        read=conditional_logits,
    ),
    "acgan": row(
        with_classes(non_saturating, given.real_labels, given.fake_labels, given.fake_labels),
        "Summed over real and fake, not halved; both weights 1.",
        **of_classes,
        discriminator="discriminator-and-classes",
        discriminator_output=[*LOGIT, ["classes", CLASSES]],
    ),
    "sgan": row(
        with_classes(non_saturating, given.real_labels, torch.full([BATCH], CLASSES), None),
        "A logit beside the classes, as PyTorch-GAN; in the paper the class of fakes alone says real or fake. Every"
        " real picture has its label. The generator learns from the logit only.",
        discriminator="discriminator-and-classes-of-real-or-fake",
        discriminator_output=[*LOGIT, ["classes", CLASSES + 1]],
    ),
    "infogan": row(
        with_information(least_squares),
        "Least squares, halved, as PyTorch-GAN's discriminator (its generator is not halved; the paper has"
        " cross-entropy). The information term, of fakes only, is in both losses; squared errors are means over batch"
        " and codes.",
        generator="generator-of-classes-and-codes",
        generator_input=["latents", "fake_labels", "codes"],
        discriminator="discriminator-and-classes-and-codes",
        discriminator_output=[*LOGIT, ["classes", CLASSES], ["codes", CODES]],
        constants=INFOGAN,
    ),
    "sngan": row(
        hinged,
        "Both losses see the weights normalised by one power iteration from u; biases are not normalised.",
        read=spectral_logits,
    ),
    "hinge": row(hinged),
    "r1": row(non_saturating, penalty=r1),
    "pacgan": row(
        non_saturating,
        "A pack is two consecutive pictures of the batch: [4, 4] read as [2, 8].",
        discriminator="discriminator-of-pairs",
        discriminator_input={"pack": 2},
        read=logits_of_pairs,
    ),
    "goodfellow2014": row(
        non_saturating,
        "Non-saturating, as the paper trains in practice; its minimax form is mmgan.",
    ),
}


def rounded(x):
    return 0.0 if abs(x) < 1e-14 else float(f"{x:.10g}")


def array(tensor):
    whole = not tensor.is_floating_point()
    data = tensor.detach().flatten().tolist()
    return {"shape": list(tensor.shape), "data": data if whole else [rounded(x) for x in data]}


def generator_input(names):
    parts = [F.one_hot(x, CLASSES) if x.dim() == 1 else x for x in (INPUTS[name] for name in names)]
    return torch.cat(parts, 1)


def gradients(loss, network):
    found = torch.autograd.grad(loss, list(network.weights.values()))
    return {name: array(gradient) for name, gradient in zip(network.weights, found, strict=True)}


def golden(preset):
    g, d = NETWORKS[preset.generator], NETWORKS[preset.discriminator]
    real, fake = given.real, g(generator_input(preset.generator_input))
    generator_loss, discriminator_loss = preset.losses
    on_real = preset.read(d, real, given.real_labels)
    for_generator = generator_loss(on_real, preset.read(d, fake, given.fake_labels))
    fake = fake.detach()
    on_fake = preset.read(d, fake, given.fake_labels)
    for_discriminator = discriminator_loss(on_real, on_fake)
    results = {}
    if preset.penalty:
        penalty = preset.penalty(lambda x: preset.read(d, x, None), real, fake)
        for_discriminator = for_discriminator + penalty
        results["penalty"] = penalty
    results = {"generator_loss": for_generator, "discriminator_loss": for_discriminator, **results}
    after = preset.after(on_real, on_fake) if preset.after else {}
    names = ["generator", "discriminator", "generator_input", "discriminator_input", "discriminator_output"]
    return {
        **{name: getattr(preset, name) for name in names},
        **({"constants": preset.constants} if preset.constants else {}),
        **{name: rounded(value.item()) for name, value in results.items()},
        **({"after": {name: rounded(value.item()) for name, value in after.items()}} if after else {}),
        "generator_gradients": gradients(for_generator, g),
        "discriminator_gradients": gradients(for_discriminator, d),
        **({"note": preset.note} if preset.note else {}),
    }


def network_record(network):
    activation = {"tanh": "tanh", "leaky": "leaky-relu 0.2"}[network.activation.__name__]
    return {
        "activation": activation,
        "weights": {name: array(weight) for name, weight in network.weights.items()},
    }


if __name__ == "__main__":
    report = {
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        "inputs": {name: array(tensor) for name, tensor in INPUTS.items()},
        "networks": {name: network_record(network) for name, network in NETWORKS.items()},
        "spectral": {
            name: {key: array(vector) for key, vector in vectors.items()}
            for name, vectors in SPECTRAL.items()
        },
        "presets": {name: golden(preset) for name, preset in PRESETS.items()},
    }
    print(json.dumps(report))
