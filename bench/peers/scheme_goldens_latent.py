"""Terms, losses and gradients of cyclegan, discogan, dualgan, aae, cluster_gan, cogan and pixelda, by PyTorch in float64.

    python bench/peers/scheme_goldens_latent.py > test/train/fixtures/scheme-goldens-latent.json
    npx biome format --write test/train/fixtures/scheme-goldens-latent.json

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
CLASSES = 3


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

    def mix(self, name):
        return self.input(name, [N, 1, 1, 1], [[[[0.25]]], [[[0.5]]], [[[0.875]]]])

    def labels(self, name):
        return self.input(name, [N, CLASSES], [[0, 0, 1], [1, 0, 0], [0, 1, 0]])

    def layer(self, name, layer, width, units):
        window = [1, 1] if layer.startswith("convolution") else []
        arrays = self.networks.setdefault(name, {})
        arrays[f"{layer}/weights"] = self.draw([*window, width, units]).requires_grad_()
        arrays[f"{layer}/biases"] = self.draw([units], 0.3).requires_grad_()
        weights, biases = arrays[f"{layer}/weights"].reshape(width, units), arrays[f"{layer}/biases"]
        return lambda x: x @ weights + biases

    def convolution(self, name, width=1, units=1, after=lambda x: x):
        own = self.layer(name, "convolution1", width, units)
        return lambda x: after(own(x))

    def dense(self, name, width, units, after=lambda x: x):
        own = self.layer(name, "dense1", width, units)
        return lambda x: after(own(x.reshape(x.shape[0], -1)))


def leaky(x):
    return F.leaky_relu(x, 0.2)


def as_image(x):
    return torch.tanh(x).reshape(-1, 2, 2, 1)


def l1(x, y):
    return (x - y).abs().mean()


def against(logits, target):
    return F.mse_loss(logits, torch.full_like(logits, target))


def entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def penalty(critic, real, fake, mix):
    between = (fake + (real - fake) * mix).detach().requires_grad_()
    slopes = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
    return (((slopes.reshape(N, -1) ** 2).sum(1) + 1e-12).sqrt() - 1).square().mean()


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


def cycle(kind, seed):
    state = State(seed)
    a, b = state.image("a"), state.image("b")
    mixes = {side: state.mix(f"mix-{side}") for side in "ab"} if kind == "dualgan" else {}
    to_b = state.convolution("a-to-b", after=torch.tanh)
    to_a = state.convolution("b-to-a", after=torch.tanh)
    judges = {side: state.convolution(f"discriminator-{side}", after=leaky) for side in "ab"}
    fakes, reals = {"a": to_a(b), "b": to_b(a)}, {"a": a, "b": b}
    terms, losses = {}, {}
    both = lambda of: of("a") + of("b")
    cycles = l1(to_a(fakes["b"]), a) + l1(to_b(fakes["a"]), b)
    if kind == "dualgan":
        terms["adversarial"] = -both(lambda side: judges[side](fakes[side]).mean())
        terms["cycle"] = cycles
        losses["translators"] = terms["adversarial"] + 10 * cycles
    else:
        terms["adversarial"] = both(lambda side: against(judges[side](fakes[side]), 1.0)) / 2
        terms["cycle"] = cycles / 2
    if kind == "cyclegan":
        terms["identity"] = (l1(to_a(a), a) + l1(to_b(b), b)) / 2
        losses["translators"] = terms["adversarial"] + 10 * terms["cycle"] + 5 * terms["identity"]
    if kind == "discogan":
        terms["pixel"] = both(lambda side: l1(fakes[side], reals[side])) / 2
        losses["translators"] = terms["adversarial"] + terms["cycle"] + terms["pixel"]
    for side in "ab":
        name, fake = f"discriminator-{side}", fakes[side].detach()
        if kind == "dualgan":
            terms[f"{name}-judging"] = judges[side](fake).mean() - judges[side](reals[side]).mean()
            terms[f"penalty-{side}"] = penalty(judges[side], reals[side], fake, mixes[side])
            losses[name] = terms[f"{name}-judging"] + 10 * terms[f"penalty-{side}"]
        else:
            losses[name] = (against(judges[side](reals[side]), 1.0) + against(judges[side](fake), 0.0)) / 2
            terms[f"{name}-judging"] = losses[name]
    owns = {"translators": ["a-to-b", "b-to-a"]} | {f"discriminator-{s}": [f"discriminator-{s}"] for s in "ab"}
    return result(state, terms, losses, owns)


def aae():
    state = State(21)
    a, noise, latent = state.image("a"), state.input("noise", [N, CODE]), state.input("latent", [N, CODE])
    encoder = state.dense("encoder", 4, 2 * CODE)
    decoder = state.dense("decoder", CODE, 4, as_image)
    judge = state.dense("discriminator", CODE, 1)
    means, logarithms = encoder(a).chunk(2, dim=1)
    code = means + torch.exp(logarithms / 2) * noise
    judging = entropy(judge(latent), 1.0) + entropy(judge(code.detach()), 0.0)
    terms = {
        "adversarial": entropy(judge(code), 1.0),
        "reconstruction": l1(decoder(code), a),
        "discriminator-judging": judging,
    }
    model = 0.001 * terms["adversarial"] + 0.999 * terms["reconstruction"]
    owns = {"model": ["encoder", "decoder"], "discriminator": ["discriminator"]}
    return result(state, terms, {"model": model, "discriminator": 0.5 * judging}, owns)


def cluster_gan(is_critic):
    state = State(22)
    a, normal, classes = state.image("a"), state.input("noise", [N, CODE]), state.labels("classes")
    mix = state.mix("mix") if is_critic else None
    generator = state.dense("generator", CODE + CLASSES, 4, as_image)
    encoder = state.dense("encoder", 4, CODE + CLASSES)
    hidden = state.layer("discriminator", "dense1", 4, 3)
    last = state.layer("discriminator", "dense2", 3, 1)
    judge = lambda x: last(torch.tanh(hidden(x.reshape(N, -1))))
    noise = 0.75 * normal
    made = generator(torch.cat([noise, classes], 1))
    again = encoder(made)
    terms = {
        "latent": F.mse_loss(again[:, :CODE], noise),
        "classes": F.cross_entropy(again[:, CODE:], classes.argmax(1)),
    }
    fake = made.detach()
    if is_critic:
        # The script's signs are turned: its critic is low where images are real.
        terms["adversarial"] = -judge(made).mean()
        terms["discriminator-judging"] = judge(fake).mean() - judge(a).mean()
        terms["penalty"] = penalty(judge, a, fake, mix)
        loss = terms["discriminator-judging"] + 10 * terms["penalty"]
    else:
        terms["adversarial"] = entropy(judge(made), 1.0)
        terms["discriminator-judging"] = entropy(judge(a), 1.0) + entropy(judge(fake), 0.0)
        loss = 0.5 * terms["discriminator-judging"]
    model = terms["adversarial"] + 10 * terms["latent"] + 10 * terms["classes"]
    owns = {"model": ["generator", "encoder"], "discriminator": ["discriminator"]}
    return result(state, terms, {"model": model, "discriminator": loss}, owns)


def cogan():
    state = State(23)
    reals = {side: state.image(side) for side in "ab"}
    latent = state.input("latent", [N, CODE])
    trunk = state.dense("generator-trunk", CODE, 8, lambda x: x.reshape(-1, 2, 2, 2))
    heads = {side: state.convolution(f"generator-{side}", 2, 1, torch.tanh) for side in "ab"}
    reader = state.convolution("discriminator-trunk", 1, 2, leaky)
    judges = {side: state.dense(f"discriminator-{side}", 8, 1) for side in "ab"}
    made = {side: heads[side](trunk(latent)) for side in "ab"}
    judged = lambda side, x: judges[side](reader(x))
    adversarial = (against(judged("a", made["a"]), 1.0) + against(judged("b", made["b"]), 1.0)) / 2
    terms = {"adversarial": adversarial}
    for side in "ab":
        fake = against(judged(side, made[side].detach()), 0.0)
        terms[f"discriminator-{side}-judging"] = (against(judged(side, reals[side]), 1.0) + fake) / 2
    judging = (terms["discriminator-a-judging"] + terms["discriminator-b-judging"]) / 2
    owns = {
        "generator": ["generator-trunk", "generator-a", "generator-b"],
        "discriminator": ["discriminator-trunk", "discriminator-a", "discriminator-b"],
    }
    return result(state, terms, {"generator": adversarial, "discriminator": judging}, owns)


def pixelda():
    state = State(24)
    a, b, labels = state.image("a"), state.image("b"), state.labels("labels")
    latent = state.input("latent", [N, CODE])
    of_b = state.labels("labels-b")
    code_map = state.dense("code-map", CODE, 4, lambda x: x.reshape(-1, 2, 2, 1))
    generator = state.convolution("generator", 2, 1, torch.tanh)
    classifier = state.dense("classifier", 4, CLASSES)
    judge = state.convolution("discriminator", 1, 1, leaky)
    fake = generator(torch.cat([a, code_map(latent)], 3))
    wanted = labels.argmax(1)
    task = (F.cross_entropy(classifier(fake), wanted) + F.cross_entropy(classifier(a), wanted)) / 2
    accuracy = lambda x, of: (classifier(x).argmax(1) == of.argmax(1)).double().mean()
    judging = (against(judge(b), 1.0) + against(judge(fake.detach()), 0.0)) / 2
    terms = {
        "adversarial": against(judge(fake), 1.0),
        "task": task,
        "discriminator-judging": judging,
        "classifier-accuracy": accuracy(fake, labels),
        "target-accuracy": accuracy(b, of_b),
    }
    owns = {"model": ["code-map", "generator", "classifier"], "discriminator": ["discriminator"]}
    model = terms["adversarial"] + 0.1 * task
    return result(state, terms, {"model": model, "discriminator": judging}, owns)


GOLDENS = {
    "cyclegan": cycle("cyclegan", 11),
    "discogan": cycle("discogan", 12),
    "dualgan": cycle("dualgan", 13),
    "aae": aae(),
    "cluster_gan": cluster_gan(False),
    "cluster_gan, a critic": cluster_gan(True),
    "cogan": cogan(),
    "pixelda": pixelda(),
}
print(json.dumps(GOLDENS))
