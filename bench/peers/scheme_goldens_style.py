"""Terms, losses and gradients of stargan, unit, munit and bicyclegan at one fixed state, by PyTorch in float64.

    python bench/peers/scheme_goldens_style.py > test/train/fixtures/scheme-goldens-style.json
    npx biome format --write test/train/fixtures/scheme-goldens-style.json

Images are [2, 2, 1], row-major with channels last, and networks have a few weights; the test builds the same ones. The
weights of the terms are those of PyTorch-GAN's scripts. By model:

`inputs`     by the scheme's names; `networks` the weights, `{shape, data}` by network and array: multiples of 1/64.
`terms`      without their weights; `losses` by player, weighted sums; `gradients` of each player's loss by the weights of
             the networks that it owns, all at the given weights. What is detached in the scripts is a constant here.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

N = 3
CODE = 2
STYLE = 2
SCALES = 2


class State:
    """Arrays drawn one after the other."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.inputs = {}
        self.networks = {}

    def draw(self, shape, spread=1.0):
        steps = np.round(self.random.normal(0, spread, shape) * 64) / 64
        return torch.tensor(steps, dtype=torch.float64)

    def input(self, name, shape, values=None):
        self.inputs[name] = self.draw(shape, 0.6) if values is None else torch.tensor(values, dtype=torch.float64)
        return self.inputs[name]

    def image(self, name):
        return self.input(name, [N, 2, 2, 1])

    def network(self, name, **layers):
        """`convolution1=(2, 1)`: a window of one pixel from 2 channels to 1."""
        arrays = {}
        for layer, (width, units) in layers.items():
            window = [1, 1] if layer.startswith("convolution") else []
            arrays[f"{layer}/weights"] = self.draw([*window, width, units]).requires_grad_()
            arrays[f"{layer}/biases"] = self.draw([units], 0.3).requires_grad_()
        self.networks[name] = arrays
        return arrays


def linear(arrays, layer, x):
    weights = arrays[f"{layer}/weights"]
    return x @ weights.reshape(weights.shape[-2:]) + arrays[f"{layer}/biases"]


def convolution(arrays, x):
    return linear(arrays, "convolution1", x)


def leaky(x, slope=0.2):
    return F.leaky_relu(x, slope)


def against(maps, target):
    """Sum over scales of the squared error against a number."""
    return sum(F.mse_loss(m, torch.full_like(m, target)) for m in maps)


def halved(x):
    pooled = F.avg_pool2d(x.permute(0, 3, 1, 2), 3, stride=2, padding=1, count_include_pad=False)
    return pooled.permute(0, 2, 3, 1)


def scale_judge(state, name, scales):
    names = [name] if scales == 1 else [f"{name}-{i + 1}" for i in range(scales)]
    arrays = [state.network(n, convolution1=(1, 1)) for n in names]

    def judge(x):
        maps = []
        for own in arrays:
            maps.append(leaky(convolution(own, x)))
            x = halved(x)
        return maps

    return judge, names


def numbers(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{v:.10g}") for v in tensor.detach().reshape(-1).tolist()]}


def result(state, terms, losses, owns):
    gradients = {}
    for player, networks in owns.items():
        for name in networks:
            arrays = state.networks[name]
            found = torch.autograd.grad(losses[player], list(arrays.values()), retain_graph=True)
            gradients[name] = dict(zip(arrays, map(numbers, found)))
    value = lambda x: float(f"{x.item():.10g}")
    return {
        "inputs": {name: numbers(x) for name, x in state.inputs.items()},
        "networks": {name: {k: numbers(v) for k, v in arrays.items()} for name, arrays in state.networks.items()},
        "terms": {name: value(x) for name, x in terms.items()},
        "losses": {name: value(x) for name, x in losses.items()},
        "gradients": gradients,
    }


def stargan():
    state = State(5)
    a = state.image("a")
    attributes = state.input("attributes", [N, 2], [[1, 0], [0, 0], [1, 1]])
    wanted = state.input("wanted", [N, 2], [[0, 0], [1, 1], [1, 0]])
    mix = state.input("mix", [N, 1, 1, 1], [[[[0.25]]], [[[0.5]]], [[[0.875]]]])
    generator = state.network("generator", convolution1=(3, 1))
    trunk = state.network("discriminator-trunk", convolution1=(1, 2))
    heads = {
        "map": state.network("discriminator-map", convolution1=(2, 1)),
        "classes": state.network("discriminator-classes", dense1=(8, 2)),
    }

    def change(x, c):
        channels = c[:, None, None, :].expand(N, 2, 2, 2)
        return torch.tanh(convolution(generator, torch.cat([x, channels], 3)))

    def judge(x):
        shared = leaky(convolution(trunk, x), 0.01)
        return convolution(heads["map"], shared), linear(heads["classes"], "dense1", shared.reshape(N, -1))

    def named(logits, c):
        return F.binary_cross_entropy_with_logits(logits, c, reduction="sum") / N

    fake = change(a, wanted)
    real_map, real_classes = judge(a)
    fake_map, fake_classes = judge(fake)
    between = fake + (a - fake) * mix
    slope = torch.autograd.grad(judge(between)[0].sum(), between, create_graph=True)[0]
    terms = {
        "adversarial": -fake_map.mean(),
        "classes": named(fake_classes, wanted),
        "reconstruction": F.l1_loss(change(fake, attributes), a),
        "discriminator-judging": fake_map.mean() - real_map.mean(),
        "classes-real": named(real_classes, attributes),
        "penalty": ((slope.reshape(N, -1).norm(2, 1) - 1) ** 2).mean(),
    }
    losses = {
        "generator": terms["adversarial"] + terms["classes"] + 10 * terms["reconstruction"],
        "discriminator": terms["discriminator-judging"] + terms["classes-real"] + 10 * terms["penalty"],
    }
    owns = {
        "generator": ["generator"],
        "discriminator": ["discriminator-trunk", "discriminator-map", "discriminator-classes"],
    }
    return result(state, terms, losses, owns)


def both(of):
    return of("a") + of("b")


OTHER = {"a": "b", "b": "a"}


def judged(state, images, fakes, scales):
    """Adversarial term of the translators, and the discriminators' terms, losses and networks."""
    terms, losses, owns, adversarial = {}, {}, {}, 0
    for side in "ab":
        name = f"discriminator-{side}"
        judge, owns[name] = scale_judge(state, name, scales)
        adversarial = adversarial + against(judge(fakes[side]), 1)
        terms[f"{name}-judging"] = against(judge(images[side]), 1) + against(judge(fakes[side].detach()), 0)
        losses[name] = terms[f"{name}-judging"]
    return adversarial, terms, losses, owns


def unit():
    state = State(2)
    images = {side: state.image(side) for side in "ab"}
    noise = {(t, s): state.input(f"noise-{t}-{s}", [N, 2, 2, 2]) for t in ("once", "again") for s in "ab"}
    encoders = {side: state.network(f"encoder-{side}", convolution1=(1, 2)) for side in "ab"}
    shared = {part: state.network(f"shared-{part}", convolution1=(2, 2)) for part in ("encoder", "decoder")}
    decoders = {side: state.network(f"decoder-{side}", convolution1=(2, 1)) for side in "ab"}

    def encode(side, x):
        return convolution(shared["encoder"], torch.tanh(convolution(encoders[side], x)))

    def decode(side, z):
        return torch.tanh(convolution(decoders[side], convolution(shared["decoder"], z)))

    mean = {side: encode(side, images[side]) for side in "ab"}
    latent = {side: mean[side] + noise["once", side] for side in "ab"}
    fake = {side: decode(side, latent[OTHER[side]]) for side in "ab"}
    mean_again = {side: encode(side, fake[side]) for side in "ab"}
    again = {side: mean_again[side] + noise["again", side] for side in "ab"}
    adversarial, terms, losses, owns = judged(state, images, fake, 1)
    own = {
        "adversarial": adversarial,
        "divergence": both(lambda s: (mean[s] ** 2).mean()),
        "reconstruction": both(lambda s: F.l1_loss(decode(s, latent[s]), images[s])),
        "cycle-divergence": both(lambda s: (mean_again[s] ** 2).mean()),
        "cycle": both(lambda s: F.l1_loss(decode(s, again[OTHER[s]]), images[s])),
    }
    weights = {"adversarial": 10, "divergence": 0.1, "reconstruction": 100, "cycle-divergence": 0.1, "cycle": 100}
    losses["translators"] = sum(weights[name] * value for name, value in own.items())
    owns["translators"] = [
        *(f"{part}-{side}" for part in ("encoder", "decoder") for side in "ab"),
        "shared-encoder",
        "shared-decoder",
    ]
    return result(state, {**own, **terms}, losses, owns)


def munit():
    state = State(3)
    images = {side: state.image(side) for side in "ab"}
    drawn = {side: state.input(f"drawn-style-{side}", [N, STYLE]) for side in "ab"}
    contents = {side: state.network(f"content-{side}", convolution1=(1, 2)) for side in "ab"}
    styles = {side: state.network(f"style-{side}", convolution1=(1, 2), dense1=(2, STYLE)) for side in "ab"}
    norms = {side: state.network(f"norms-{side}", dense1=(STYLE, 4)) for side in "ab"}
    decoders = {side: state.network(f"decoder-{side}", convolution1=(2, 1)) for side in "ab"}

    def content(side, x):
        return convolution(contents[side], x)

    def style(side, x):
        return linear(styles[side], "dense1", leaky(convolution(styles[side], x)).mean((1, 2)))

    def decode(side, c, s):
        offset, scale = linear(norms[side], "dense1", s)[:, None, None].split(2, -1)
        normed = F.instance_norm(c.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return torch.tanh(convolution(decoders[side], normed * scale + offset))

    c = {side: content(side, images[side]) for side in "ab"}
    s = {side: style(side, images[side]) for side in "ab"}
    fake = {side: decode(side, c[OTHER[side]], drawn[side]) for side in "ab"}
    fake_content = {side: content(side, fake[side]) for side in "ab"}
    adversarial, terms, losses, owns = judged(state, images, fake, SCALES)
    own = {
        "adversarial": adversarial,
        "reconstruction": both(lambda x: F.l1_loss(decode(x, c[x], s[x]), images[x])),
        "style": both(lambda x: F.l1_loss(style(x, fake[x]), drawn[x])),
        "content": both(lambda x: F.l1_loss(fake_content[x], c[OTHER[x]].detach())),
        "cycle": both(lambda x: F.l1_loss(decode(x, fake_content[OTHER[x]], s[x]), images[x])),
    }
    weights = {"adversarial": 1, "reconstruction": 10, "style": 1, "content": 1, "cycle": 0.5}
    losses["translators"] = sum(weights[name] * value for name, value in own.items())
    owns["translators"] = [f"{part}-{side}" for part in ("content", "style", "norms", "decoder") for side in "ab"]
    return result(state, {**own, **terms}, losses, owns)


def bicyclegan():
    state = State(4)
    a, b = state.image("a"), state.image("b")
    noise, code = state.input("noise", [N, CODE]), state.input("code", [N, CODE])
    code_map = state.network("code-map", dense1=(CODE, 4))
    generator = state.network("generator", convolution1=(2, 1))
    encoder = state.network("encoder", dense1=(4, 2 * CODE))

    def make(z):
        channel = linear(code_map, "dense1", z).reshape(N, 2, 2, 1)
        return torch.tanh(convolution(generator, torch.cat([a, channel], 3)))

    def encode(x):
        return linear(encoder, "dense1", x.reshape(N, -1)).split(CODE, 1)

    mean, log_variance = encode(b)
    fakes = {"encoded": make(mean + torch.exp(log_variance / 2) * noise), "random": make(code)}
    terms, losses, owns, adversarial = {}, {}, {}, 0
    for kind, fake in fakes.items():
        name = f"discriminator-{kind}"
        judge, owns[name] = scale_judge(state, name, SCALES)
        adversarial = adversarial + against(judge(fake), 1)
        losses[name] = terms[f"{name}-judging"] = against(judge(b), 1) + against(judge(fake.detach()), 0)
    own = {
        "adversarial": adversarial,
        "pixel": F.l1_loss(fakes["encoded"], b),
        "divergence": 0.5 * torch.sum(torch.exp(log_variance) + mean**2 - log_variance - 1),
        "latent": F.l1_loss(encode(fakes["random"])[0], code),
    }
    losses["generator"] = own["adversarial"] + 10 * own["pixel"] + 0.5 * own["latent"]
    losses["encoder"] = own["adversarial"] + 10 * own["pixel"] + 0.01 * own["divergence"]
    owns.update(generator=["code-map", "generator"], encoder=["encoder"])
    return result(state, {**own, **terms}, losses, owns)


print(json.dumps({model.__name__: model() for model in (stargan, unit, munit, bicyclegan)}, indent=1))
