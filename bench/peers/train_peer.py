"""Rounds of GAN training in eager PyTorch, timed; one line of JSON on stdout.

    python train_peer.py --case mlp [--threads 2] [--seconds 10] [--fused]

The networks and the order of steps are those of PyTorch-GAN's scripts (the generator first, then the discriminator on
the same fakes, sigmoids into BCELoss, Adam 2e-4 with betas 0.5 and 0.999), written anew; `transposed` is the pair of
Lucic et al. Two things favour PyTorch: the data are a tensor in memory, of which each round takes random rows without a
DataLoader, and a critic's fakes are made without a graph. As there, the generator's step computes gradients of the
discriminator's weights that nobody reads. A round ends with reading both losses, as a program that logs them does.
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn

from peer_report import cpu_capability, set_threads

PICTURES = 4096
WARM_UP = {"rounds": 3, "seconds": 1.0}
GRADIENT_PENALTY = 10


def leaky():
    return nn.LeakyReLU(0.2)


def mlp_generator(latent=100, pixels=784):
    layers = [nn.Linear(latent, 128), leaky()]
    for inputs, units in [(128, 256), (256, 512), (512, 1024)]:
        layers += [nn.Linear(inputs, units), nn.BatchNorm1d(units), leaky()]
    return nn.Sequential(*layers, nn.Linear(1024, pixels), nn.Tanh())


def mlp_discriminator(pixels=784):
    return nn.Sequential(
        nn.Linear(pixels, 512), leaky(), nn.Linear(512, 256), leaky(), nn.Linear(256, 1)
    )


def up_sampling_generator(latent=100):
    return nn.Sequential(
        nn.Linear(latent, 128 * 8 * 8),
        nn.Unflatten(1, (128, 8, 8)),
        nn.BatchNorm2d(128),
        *(nn.Upsample(scale_factor=2), nn.Conv2d(128, 128, 3, padding=1), nn.BatchNorm2d(128), leaky()),
        *(nn.Upsample(scale_factor=2), nn.Conv2d(128, 64, 3, padding=1), nn.BatchNorm2d(64), leaky()),
        nn.Conv2d(64, 1, 3, padding=1),
        nn.Tanh(),
    )


def strided_discriminator():
    layers = []
    for inputs, filters in [(1, 16), (16, 32), (32, 64), (64, 128)]:
        layers += [nn.Conv2d(inputs, filters, 3, stride=2, padding=1), leaky(), nn.Dropout2d(0.25)]
        layers += [nn.BatchNorm2d(filters)] if inputs > 1 else []
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 2 * 2, 1))


def transposed_generator(latent=100):
    """Of Lucic et al. 2018, after InfoGAN; tanh where they have a sigmoid."""
    return nn.Sequential(
        *(nn.Linear(latent, 1024), nn.BatchNorm1d(1024), leaky()),
        *(nn.Linear(1024, 128 * 7 * 7), nn.BatchNorm1d(128 * 7 * 7), leaky()),
        nn.Unflatten(1, (128, 7, 7)),
        *(nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1), nn.BatchNorm2d(64), leaky()),
        nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )


def convolutional_discriminator():
    return nn.Sequential(
        *(nn.Conv2d(1, 64, 4, stride=2, padding=1), leaky()),
        *(nn.Conv2d(64, 128, 4, stride=2, padding=1), nn.BatchNorm2d(128), leaky()),
        nn.Flatten(),
        *(nn.Linear(128 * 7 * 7, 1024), nn.BatchNorm1d(1024), leaky()),
        nn.Linear(1024, 1),
    )


def toy_network(outputs):
    return nn.Sequential(
        nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, outputs)
    )


class Pair:
    """Two networks with their optimizers, and the data they are trained on."""

    def __init__(self, generator, discriminator, picture, batch, latent=100, *, fused):
        self.generator, self.discriminator = generator, discriminator
        self.batch, self.latent = batch, latent
        self.pictures = torch.rand(PICTURES, *picture) * 2 - 1
        adam = [
            torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=fused or None)
            for network in (generator, discriminator)
        ]
        self.generator_optimizer, self.discriminator_optimizer = adam

    def real(self):
        return self.pictures[torch.randint(PICTURES, (self.batch,))]

    def fake(self):
        return self.generator(torch.randn(self.batch, self.latent))


def descend(optimizer, loss):
    loss.backward()
    optimizer.step()
    return loss


def cross_entropy_round(pair):
    """The generator's step, then the discriminator's on the same fakes."""
    judge, loss = nn.Sequential(pair.discriminator, nn.Sigmoid()), nn.BCELoss()
    is_real, is_fake = torch.ones(pair.batch, 1), torch.zeros(pair.batch, 1)

    def play():
        real = pair.real()
        pair.generator_optimizer.zero_grad()
        fake = pair.fake()
        generator_loss = descend(pair.generator_optimizer, loss(judge(fake), is_real))
        pair.discriminator_optimizer.zero_grad()
        halves = loss(judge(real), is_real) + loss(judge(fake.detach()), is_fake)
        return generator_loss, descend(pair.discriminator_optimizer, halves / 2)

    return play


def gradient_penalty(critic, real, fake):
    mix = torch.rand(len(real), *[1] * (real.dim() - 1))
    between = (mix * real + (1 - mix) * fake).requires_grad_()
    value = critic(between)
    (slope,) = torch.autograd.grad(value, between, torch.ones_like(value), create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def wasserstein_round(pair, critic_steps, penalized):
    """The critic's steps, each on a batch and a latent of its own, then one of the generator."""
    critic = pair.discriminator

    def play():
        for _ in range(critic_steps):
            real = pair.real()
            pair.discriminator_optimizer.zero_grad()
            with torch.no_grad():
                fake = pair.fake()
            critic_loss = critic(fake).mean() - critic(real).mean()
            if penalized:
                critic_loss = critic_loss + GRADIENT_PENALTY * gradient_penalty(critic, real, fake)
            descend(pair.discriminator_optimizer, critic_loss)
        pair.generator_optimizer.zero_grad()
        generator_loss = descend(pair.generator_optimizer, -critic(pair.fake()).mean())
        return generator_loss, critic_loss

    return play


def toy(penalized):
    def start(fused):
        pair = Pair(toy_network(2), toy_network(1), [2], batch=100, latent=2, fused=fused)
        return wasserstein_round(pair, 1, penalized)

    return start


CASES = {  # each starts a pair and gives the function that plays a round of it
    "mlp": lambda fused: cross_entropy_round(
        Pair(mlp_generator(), mlp_discriminator(), [784], batch=64, fused=fused)
    ),
    "up-sampling": lambda fused: cross_entropy_round(
        Pair(up_sampling_generator(), strided_discriminator(), [1, 32, 32], batch=64, fused=fused)
    ),
    "transposed": lambda fused: cross_entropy_round(
        Pair(transposed_generator(), convolutional_discriminator(), [1, 28, 28], batch=64, fused=fused)
    ),
    "wgan_gp": lambda fused: wasserstein_round(
        Pair(mlp_generator(), mlp_discriminator(), [784], batch=64, fused=fused), 5, True
    ),
    "toy": toy(penalized=False),
    "toy_gp": toy(penalized=True),
}


def time_rounds(play, seconds, least_rounds=1):
    """Milliseconds of each round, for so long and at least so many."""
    times = []
    start = time.perf_counter()
    while len(times) < least_rounds or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        losses = [loss.item() for loss in play()]
        times.append((time.perf_counter() - before) * 1e3)
    if not all(map(lambda loss: abs(loss) < float("inf"), losses)):
        raise SystemExit(f"expected finite losses, got {losses}")
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", required=True, choices=CASES)
    parser.add_argument("--threads", type=int, default=0, help="0: PyTorch's own choice")
    parser.add_argument("--seconds", type=float, default=10, help="after the warm-up")
    parser.add_argument("--fused", action="store_true", help="Adam's fused kernel; the default is not")
    args = parser.parse_args()
    threads = set_threads(args.threads)
    torch.manual_seed(1)
    play = CASES[args.case](args.fused)
    time_rounds(play, WARM_UP["seconds"], WARM_UP["rounds"])
    times = time_rounds(play, args.seconds)
    report = {
        "case": args.case,
        "threads": threads,
        "fused": args.fused,
        "rounds": len(times),
        "median_ms": round(statistics.median(times), 4),
        "least_ms": round(min(times), 4),
        "mean_ms": round(statistics.mean(times), 4),
        "torch": torch.__version__,
        "cpu_capability": cpu_capability(),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
