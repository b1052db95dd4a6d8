"""Terms, losses and gradients of models with a right answer at one fixed state, by PyTorch in float64.

    python bench/peers/scheme_goldens_paired.py > test/train/fixtures/scheme-goldens-paired.json
    npx biome format --write test/train/fixtures/scheme-goldens-paired.json

pix2pix, srgan, esrgan, context_encoder and ccgan with networks of one to three convolutions, written as
PyTorch-GAN's scripts have them, with the both halves of ESRGAN's loss that its authors' program has. All that goes in is
a multiple of 1/256, exact in float32. Results have 10 significant digits. Arrays are `{shape, data}`, row-major, images
[n, h, w, c] and weights [h, w, in, out].

`inputs`    what a step is given, by the scheme's names; `hole` as a mask [n, h, w, 1].
`networks`  weights by `convolutionN/weights` and `/biases`.
`steps`     of the players together, or of the warm-up: `terms` without their weights, `losses` by player, `gradients`
            by network and array.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

RANDOM = np.random.default_rng(20)
torch.set_default_dtype(torch.float64)


def draw(*shape, scale=1.0):
    return torch.tensor(np.round(RANDOM.uniform(-scale, scale, shape) * 256) / 256)


def image(n, side, channels):
    return draw(n, channels, side, side)


class Convolution:
    """A window with padding that keeps the size at stride 1."""

    def __init__(self, inputs, outputs, stride=1):
        self.weights = draw(outputs, inputs, 3, 3, scale=0.5).requires_grad_()
        self.biases = draw(outputs, scale=0.5).requires_grad_()
        self.stride = stride

    def __call__(self, x):
        return F.conv2d(x, self.weights, self.biases, stride=self.stride, padding=1)


def mse(x, target):
    return ((x - target) ** 2).mean()


def l1(x, y):
    return (x - y).abs().mean()


def bce(x, target):
    return F.binary_cross_entropy_with_logits(x, torch.full_like(x, target))


def number(x):
    return 0.0 if abs(x) < 1e-14 else float(f"{x:.10g}")


def images_to_array(x):
    x = x.detach().permute(0, 2, 3, 1)
    return {"shape": list(x.shape), "data": [number(v) for v in x.flatten().tolist()]}


def weights_to_array(x):
    x = x.detach().permute(2, 3, 1, 0) if x.dim() == 4 else x.detach()
    return {"shape": list(x.shape), "data": [number(v) for v in x.flatten().tolist()]}


def named(layers):
    arrays = {}
    for i, layer in enumerate(layers, 1):
        arrays[f"convolution{i}/weights"] = layer.weights
        arrays[f"convolution{i}/biases"] = layer.biases
    return arrays


def step(terms, losses, owned):
    """`losses`: a loss by player; `owned`: the layers of each player's network, which bears its name."""
    gradients = {}
    for player, loss in losses.items():
        arrays = named(owned[player])
        found = torch.autograd.grad(loss, list(arrays.values()), retain_graph=True)
        gradients[player] = {
            name: weights_to_array(gradient) for name, gradient in zip(arrays, found, strict=True)
        }
    return {
        "terms": {name: number(value.item()) for name, value in terms.items()},
        "losses": {player: number(loss.item()) for player, loss in losses.items()},
        "gradients": gradients,
    }


def record(inputs, networks, steps):
    return {
        "inputs": {name: images_to_array(x) for name, x in inputs.items()},
        "networks": {
            name: {key: weights_to_array(x) for key, x in named(layers).items()}
            for name, layers in networks.items()
        },
        "steps": steps,
    }


def least_squares_discriminator(real, fake):
    return 0.5 * (mse(real, 1) + mse(fake, 0))


def pix2pix():
    a, b = image(2, 4, 2), image(2, 4, 1)
    g, d = [Convolution(2, 1)], [Convolution(3, 1, stride=2)]

    def judged(x):
        return d[0](torch.cat([x, a], 1))

    fake = torch.tanh(g[0](a))
    terms = {"adversarial": mse(judged(fake), 1), "pixel": l1(fake, b)}
    losses = {
        "generator": terms["adversarial"] + 100 * terms["pixel"],
        "discriminator": least_squares_discriminator(judged(b), judged(fake.detach())),
    }
    owned = {"generator": g, "discriminator": d}
    return record({"a": a, "b": b}, owned, {"together": step(terms, losses, owned)})


def enlarging(adversarial_losses, weights):
    low, a = image(3, 2, 1), image(3, 8, 1)
    g, d, features = [Convolution(1, 1)], [Convolution(1, 1, stride=2)], [Convolution(1, 2)]

    def compared(x):
        return F.relu(features[0](x))

    fake = torch.tanh(g[0](F.interpolate(low, scale_factor=4, mode="nearest")))
    real_map, own_map, fake_map = d[0](a), d[0](fake), d[0](fake.detach())
    generator, discriminator = adversarial_losses
    terms = {
        "perceptual_random": l1(compared(fake), compared(a)),
        "adversarial": generator(own_map, real_map.detach()),
        "pixel": l1(fake, a),
    }
    losses = {
        "generator": sum(weight * terms[name] for name, weight in weights.items()),
        "discriminator": discriminator(real_map, fake_map),
    }
    owned = {"generator": g, "discriminator": d}
    used = {name: terms[name] for name in weights}
    steps = {
        "together": step(used, losses, owned),
        "warm-up": step({"pixel": terms["pixel"]}, {"generator": terms["pixel"]}, owned),
    }
    return record({"low": low, "a": a}, {**owned, "features": features}, steps)


def relativistic_average(upper, lower):
    """Means over the batch, place by place."""
    first = bce(upper - lower.mean(0, keepdim=True), 1.0)
    return (first + bce(lower - upper.mean(0, keepdim=True), 0.0)) / 2


def srgan():
    losses = lambda own, _real: mse(own, 1), least_squares_discriminator  # noqa: E731
    return enlarging(losses, {"perceptual_random": 1, "adversarial": 1e-3})


def esrgan():
    losses = relativistic_average, relativistic_average
    return enlarging(losses, {"perceptual_random": 1, "adversarial": 5e-3, "pixel": 1e-2})


CORNERS = [(0, 3), (4, 1), (2, 4)]
SIDE = 4


def holes():
    mask = torch.zeros(len(CORNERS), 1, 8, 8)
    for i, (top, left) in enumerate(CORNERS):
        mask[i, 0, top : top + SIDE, left : left + SIDE] = 1
    return mask


def parts(x):
    return torch.stack(
        [x[i, :, top : top + SIDE, left : left + SIDE] for i, (top, left) in enumerate(CORNERS)]
    )


def context_encoder():
    a, mask = image(3, 8, 2), holes()
    g, d = [Convolution(2, 2, stride=2)], [Convolution(2, 1, stride=2)]
    part = torch.tanh(g[0](a * (1 - mask) + mask))
    terms = {"adversarial": mse(d[0](part), 1), "pixel": l1(part, parts(a))}
    losses = {
        "generator": 0.001 * terms["adversarial"] + 0.999 * terms["pixel"],
        "discriminator": least_squares_discriminator(d[0](parts(a)), d[0](part.detach())),
    }
    owned = {"generator": g, "discriminator": d}
    return record({"a": a, "hole": mask}, owned, {"together": step(terms, losses, owned)})


def ccgan():
    a, low, mask = image(3, 8, 1), image(3, 2, 1), holes()
    g = [Convolution(1, 1, stride=2), Convolution(1, 2, stride=2), Convolution(3, 1)]
    d = [Convolution(1, 1, stride=2)]
    small = g[1](g[0](a * (1 - mask) - mask))
    joined = F.interpolate(torch.cat([small, low], 1), scale_factor=4, mode="nearest")
    whole = torch.tanh(g[2](joined))
    filled = a * (1 - mask) + whole * mask
    terms = {
        "adversarial": mse(d[0](filled), 1),
        "pixel": l1(filled, a),
        "reconstruction": l1(whole * (1 - mask), a * (1 - mask)),
    }
    losses = {
        "generator": terms["adversarial"] + 2 * terms["pixel"] + 3 * terms["reconstruction"],
        "discriminator": least_squares_discriminator(d[0](a), d[0](filled.detach())),
    }
    owned = {"generator": g, "discriminator": d}
    return record({"a": a, "low": low, "hole": mask}, owned, {"together": step(terms, losses, owned)})


if __name__ == "__main__":
    models = [pix2pix, srgan, esrgan, context_encoder, ccgan]
    report = {
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        "models": {model.__name__: model() for model in models},
    }
    print(json.dumps(report))
