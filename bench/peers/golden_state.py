"""The fixed state that loss_goldens.py computes at: inputs, and small networks with their weights, in float64."""

from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
random = np.random.RandomState(7)

BATCH, LATENT, PIXELS, CLASSES, CODES = 4, 3, 4, 3, 2
LEAST_DISTANCE = 1e-3
"""Nothing comes nearer to a kink (of leaky units, hinges, absolute values): float32 might fall on its other side."""


def drawn(*shape, bound=1.0):
    return torch.from_numpy(np.round(random.uniform(-bound, bound, shape) * 128) / 128)


def off_kink(x):
    assert x.abs().min() > LEAST_DISTANCE, f"a value {x.abs().min():.1e} from a kink: take another seed"
    return x


def leaky(x):
    return F.leaky_relu(off_kink(x), 0.2)


def hinge(x):
    return F.relu(off_kink(x))


class Network:
    def __init__(self, inputs, hidden, outputs, activation):
        self.activation = activation
        self.weights = {
            "dense1/weights": drawn(inputs, hidden),
            "dense1/biases": drawn(hidden, bound=0.5),
            "dense2/weights": drawn(hidden, outputs),
            "dense2/biases": drawn(outputs, bound=0.5),
        }
        for weight in self.weights.values():
            weight.requires_grad_()

    def embed(self, x, weights=None):
        """The first dense layer's output, before the activation."""
        weights = weights or self.weights
        return x @ weights["dense1/weights"] + weights["dense1/biases"]

    def __call__(self, x, weights=None):
        weights = weights or self.weights
        hidden = self.activation(self.embed(x, weights))
        return hidden @ weights["dense2/weights"] + weights["dense2/biases"]


INPUTS = {
    "latents": drawn(BATCH, LATENT, bound=2),
    "real": drawn(BATCH, PIXELS, bound=2),
    "real_labels": torch.tensor([2, 0, 1, 0]),
    "fake_labels": torch.tensor([1, 1, 0, 2]),
    "codes": drawn(BATCH, CODES),
    "mix": (drawn(BATCH, 1) + 1) / 2,
    "noise": (drawn(BATCH, PIXELS) + 1) / 2,
}
given = SimpleNamespace(**INPUTS)

NETWORKS = {
    "generator": Network(LATENT, 5, PIXELS, torch.tanh),
    "generator-of-classes": Network(LATENT + CLASSES, 5, PIXELS, torch.tanh),
    "generator-of-classes-and-codes": Network(LATENT + CLASSES + CODES, 5, PIXELS, torch.tanh),
    "discriminator": Network(PIXELS, 6, 1, leaky),
    "discriminator-given-classes": Network(PIXELS + CLASSES, 6, 1, leaky),
    "discriminator-of-pairs": Network(2 * PIXELS, 6, 1, leaky),
    "discriminator-and-classes": Network(PIXELS, 6, 1 + CLASSES, leaky),
    "discriminator-and-classes-of-real-or-fake": Network(PIXELS, 6, 1 + CLASSES + 1, leaky),
    "discriminator-and-classes-and-codes": Network(PIXELS, 6, 1 + CLASSES + CODES, leaky),
    "autoencoder": Network(PIXELS, 3, PIXELS, leaky),
}


def iterate_power(weight):
    u = F.normalize(drawn(weight.shape[1]), dim=0)
    v = F.normalize(weight @ u, dim=0)
    return {"u": u, "v": v, "next_u": F.normalize(weight.T @ v, dim=0)}


SPECTRAL = {
    name: iterate_power(weight.detach())
    for name, weight in NETWORKS["discriminator"].weights.items()
    if weight.dim() == 2
}
"""Of each weight of the spectrally normalised network: u before, v and next_u after one power iteration."""
