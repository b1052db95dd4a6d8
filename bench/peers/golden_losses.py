"""What loss_goldens.py holds the presets to: losses and penalties, each as its paper means it."""

import torch
import torch.nn.functional as F

from golden_state import BATCH, CLASSES, given, hinge, off_kink

# Losses: pairs of the generator's and the discriminator's, of what was read of the real and the fake pictures.


def cross_entropy(logits, is_real):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, float(is_real)))


def squares(logits, target):
    return F.mse_loss(logits, torch.full_like(logits, target)) / 2


def judged_by_cross_entropy(real, fake):
    return cross_entropy(real, True) + cross_entropy(fake, False)


def judged_by_squares(real, fake):
    return squares(real, 1.0) + squares(fake, 0.0)


def over_partition(real, fake):
    """Minus the log of each picture's share of the sum of exponentials of all of both batches."""
    every = torch.cat([real, fake])
    return every.logsumexp(0) - every


non_saturating = (lambda r, f: cross_entropy(f, True), judged_by_cross_entropy)
minimax = (lambda r, f: -cross_entropy(f, False), judged_by_cross_entropy)
boundary_seeking = (
    lambda r, f: (F.logsigmoid(f) - F.logsigmoid(-f)).square().mean() / 2,
    judged_by_cross_entropy,
)
least_squares = (lambda r, f: squares(f, 1.0), judged_by_squares)
wasserstein = (lambda r, f: -f.mean(), lambda r, f: f.mean() - r.mean())
hinged = (lambda r, f: -f.mean(), lambda r, f: hinge(1 - r).mean() + hinge(1 + f).mean())
relativistic = (lambda r, f: cross_entropy(f - r, True), lambda r, f: cross_entropy(r - f, True))
softmax = (lambda r, f: over_partition(r, f).mean(), lambda r, f: over_partition(r, f)[:BATCH].mean())

BEGAN = {"k": 0.25, "gamma": 0.75, "lambda_k": 0.001}
EBGAN = {"margin": 1.0, "pull_away": 0.1}
INFOGAN = {"categories": 1.0, "codes": 0.1}


def absolute(read):
    return off_kink(read[0]).abs().mean(1)


def energy(read):
    return read[0].square().mean(1)


def pull_away(read):
    """Mean over all ordered pairs of different pictures of the squared cosine of their embeddings."""
    pairs = [(i, j) for i in range(BATCH) for j in range(BATCH) if i != j]
    embeddings = read[1]
    cosines = [F.cosine_similarity(embeddings[i], embeddings[j], dim=0) for i, j in pairs]
    return torch.stack(cosines).square().mean()


boundary_equilibrium = (
    lambda r, f: absolute(f).mean(),
    lambda r, f: absolute(r).mean() - BEGAN["k"] * absolute(f).mean(),
)
energy_based = (
    lambda r, f: energy(f).mean() + EBGAN["pull_away"] * pull_away(f),
    lambda r, f: energy(r).mean() + hinge(EBGAN["margin"] - energy(f)).mean(),
)


def equilibrium_after(r, f):
    real, fake = absolute(r).mean(), absolute(f).mean()
    balance = BEGAN["gamma"] * real - fake
    k = (BEGAN["k"] + BEGAN["lambda_k"] * balance).clip(0, 1)
    return {"k": k, "convergence": real + balance.abs()}


def with_classes(adversarial, on_real, on_fake, on_generator):
    """The adversarial loss of column 0, and cross-entropy of the others with the classes, where there are any."""
    generator, discriminator = adversarial

    def classified(outputs, classes):
        return F.cross_entropy(outputs[:, 1:], classes) if classes is not None else 0.0

    return (
        lambda r, f: generator(r[:, :1], f[:, :1]) + classified(f, on_generator),
        lambda r, f: discriminator(r[:, :1], f[:, :1]) + classified(r, on_real) + classified(f, on_fake),
    )


def with_information(adversarial):
    def information(f):
        categories, codes = f[:, 1 : 1 + CLASSES], f[:, 1 + CLASSES :]
        on_categories = F.cross_entropy(categories, given.fake_labels)
        on_codes = F.mse_loss(codes, given.codes)
        return INFOGAN["categories"] * on_categories + INFOGAN["codes"] * on_codes

    return tuple(
        lambda r, f, loss=loss: loss(r[:, :1], f[:, :1]) + information(f) for loss in adversarial
    )


# Penalties, weighted, of a critic of pictures.


def slopes(critic, at):
    at = at.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
    return gradient.norm(dim=1)


def interpolated(critic, real, fake):
    between = given.mix * real + (1 - given.mix) * fake
    return 10 * (slopes(critic, between) - 1).square().mean()


def near_real(critic, real, _fake):
    near = real + given.mix * 0.5 * real.std(correction=0) * given.noise
    return 10 * (slopes(critic, near) - 1).square().mean()


def divergence(critic, real, fake):
    return 2 / 2 * (slopes(critic, real).pow(6).mean() + slopes(critic, fake).pow(6).mean())


def r1(critic, real, _fake):
    return 10 / 2 * slopes(critic, real).square().mean()
