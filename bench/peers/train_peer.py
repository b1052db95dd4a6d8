"""Rounds of GAN training in eager PyTorch, timed; one line of JSON on stdout.

    python train_peer.py --case mlp [--threads 2] [--seconds 10] [--fused] [--device auto]

The networks and the order of steps are those of PyTorch-GAN's scripts (the generator first, then the discriminator on
the same fakes, sigmoids into BCELoss, Adam 2e-4 with betas 0.5 and 0.999), written anew; `transposed` is the pair of
Lucic et al. Two things favour PyTorch: the data are a tensor in memory, of which each round takes random rows without a
DataLoader, and a critic's fakes are made without a graph. As there, the generator's step computes gradients of the
discriminator's weights that nobody reads. A round ends with reading both losses, as a program that logs them does.
"""

import argparse
import itertools
import json
import random
import statistics
import time

import torch
from torch import nn

from peer_report import cpu_capability, set_threads

PICTURES = 4096
WARM_UP = {"rounds": 3, "seconds": 1.0}
GRADIENT_PENALTY = 10
# What the command line asks for: the device, and a batch where it is not the case's own.
ASKED = {"device": "cpu"}


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
        self.batch, self.latent = ASKED.get("batch", batch), latent
        self.pictures = torch.rand(PICTURES, *picture) * 2 - 1
        adam = [
            torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=fused or None)
            for network in (generator, discriminator)
        ]
        self.generator_optimizer, self.discriminator_optimizer = adam

    def real(self):
        return self.pictures[torch.randint(PICTURES, (self.batch,), device=ASKED["device"])]

    def fake(self):
        return self.generator(torch.randn(self.batch, self.latent, device=ASKED["device"]))


def descend(optimizer, loss):
    loss.backward()
    optimizer.step()
    return loss


def dcgan_generator(latent=100, base=512):
    """Radford et al. 2016, 64 x 64: 4 x 4 windows, batch norm, no biases before it."""
    layers = [nn.Linear(latent, base * 16, bias=False), nn.Unflatten(1, (base, 4, 4)), nn.BatchNorm2d(base), nn.ReLU()]
    for inputs, filters in [(base, base // 2), (base // 2, base // 4), (base // 4, base // 8)]:
        layers += [nn.ConvTranspose2d(inputs, filters, 4, stride=2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(filters), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(base // 8, 3, 4, stride=2, padding=1), nn.Tanh())


def dcgan_discriminator(first=64):
    layers = [nn.Conv2d(3, first, 4, stride=2, padding=1), leaky()]
    for inputs in (first, 2 * first, 4 * first):
        layers += [nn.Conv2d(inputs, 2 * inputs, 4, stride=2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(2 * inputs), leaky()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(8 * first * 16, 1))


class Sum(nn.Module):
    """A residual block: what the body gives, and the input by its own way."""

    def __init__(self, body, shortcut=()):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class SumPool(nn.Module):
    def forward(self, x):
        return x.sum((2, 3))


def square(inputs=64, filters=64):
    return nn.Conv2d(inputs, filters, 3, padding=1)


def residual_generator(latent=100, width=64):
    """After Miyato et al. 2018, three doublings to 32 x 32."""

    def up():
        double = nn.Upsample(scale_factor=2)
        norms = [nn.BatchNorm2d(width), nn.ReLU()], [nn.BatchNorm2d(width), nn.ReLU()]
        return Sum([*norms[0], double, square(), *norms[1], square()], [double, nn.Conv2d(width, width, 1)])

    return nn.Sequential(
        *(nn.Linear(latent, width * 16), nn.Unflatten(1, (width, 4, 4))),
        *(up(), up(), up(), nn.BatchNorm2d(width), nn.ReLU(), square(width, 3), nn.Tanh()),
    )


def residual_discriminator(width=64):
    halve = nn.AvgPool2d(2)
    return nn.Sequential(
        Sum([square(3), nn.ReLU(), square(), halve], [halve, nn.Conv2d(3, width, 1)]),
        Sum([nn.ReLU(), square(), nn.ReLU(), square(), halve], [nn.Conv2d(width, width, 1), halve]),
        Sum([nn.ReLU(), square(), nn.ReLU(), square()]),
        *(nn.ReLU(), SumPool(), nn.Linear(width, 1)),
    )


def r1_round(pair, weight=10):
    """As cross_entropy_round, with weight / 2 times the squared slope at real images in the discriminator's loss."""
    loss, critic = nn.BCEWithLogitsLoss(), pair.discriminator
    is_real, is_fake = torch.ones(pair.batch, 1), torch.zeros(pair.batch, 1)

    def play():
        real = pair.real().requires_grad_()
        pair.generator_optimizer.zero_grad()
        fake = pair.fake()
        generator_loss = descend(pair.generator_optimizer, loss(critic(fake), is_real))
        pair.discriminator_optimizer.zero_grad()
        value = critic(real)
        (slope,) = torch.autograd.grad(value.sum(), real, create_graph=True)
        penalty = weight / 2 * slope.square().sum((1, 2, 3)).mean()
        halves = loss(value, is_real) + loss(critic(fake.detach()), is_fake)
        return generator_loss, descend(pair.discriminator_optimizer, halves / 2 + penalty)

    return play


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
    mix = torch.rand(len(real), *[1] * (real.dim() - 1), device=ASKED["device"])
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


def halving(inputs, filters, *, normed=True, bias=True):
    norm = [nn.InstanceNorm2d(filters)] if normed else []
    return [nn.Conv2d(inputs, filters, 4, stride=2, padding=1, bias=bias), *norm, leaky()]


class UnetLevel(nn.Module):
    """Halves, hands on what is below, doubles, and joins the result with what came in."""

    def __init__(self, inputs, filters, below, *, normed, dropout):
        super().__init__()
        drop = [nn.Dropout(0.5)] if dropout else []
        self.down = nn.Sequential(*halving(inputs, filters, normed=normed, bias=False), *drop)
        self.below = below
        self.up = nn.Sequential(
            nn.ConvTranspose2d(below.channels if below else filters, inputs, 4, stride=2, padding=1, bias=False),
            nn.InstanceNorm2d(inputs),
            nn.ReLU(),
            *drop,
        )
        self.channels = 2 * inputs

    def forward(self, x):
        inner = self.down(x)
        return torch.cat([self.up(self.below(inner) if self.below else inner), x], 1)


def unet(side=64, channels=3):
    """pix2pix's: as many halvings as leave one pixel, at most eight times the filters of the first."""
    levels = side.bit_length() - 1
    filters = [64 * min(8, 2**level) for level in range(levels)]
    below = None
    for level in range(levels - 1, 0, -1):
        below = UnetLevel(
            filters[level - 1], filters[level], below, normed=level < levels - 1, dropout=level >= 3
        )
    return nn.Sequential(
        *halving(channels, filters[0], normed=False, bias=False),
        below,
        nn.Upsample(scale_factor=2),
        nn.ZeroPad2d((1, 0, 1, 0)),
        nn.Conv2d(below.channels, channels, 4, padding=1),
        nn.Tanh(),
    )


def patch_judge(channels, *, last_bias):
    layers = halving(channels, 64, normed=False)
    for inputs, filters in [(64, 128), (128, 256), (256, 512)]:
        layers += halving(inputs, filters)
    return nn.Sequential(*layers, nn.ZeroPad2d((1, 0, 1, 0)), nn.Conv2d(512, 1, 4, padding=1, bias=last_bias))


class Residual(nn.Module):
    def __init__(self, filters):
        super().__init__()
        half = lambda: [nn.ReflectionPad2d(1), nn.Conv2d(filters, filters, 3), nn.InstanceNorm2d(filters)]
        self.body = nn.Sequential(*half(), nn.ReLU(), *half())

    def forward(self, x):
        return x + self.body(x)


def resnet(blocks=2, channels=3):
    layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels, 64, 7), nn.InstanceNorm2d(64), nn.ReLU()]
    for inputs, filters in [(64, 128), (128, 256)]:
        layers += [nn.Conv2d(inputs, filters, 3, stride=2, padding=1), nn.InstanceNorm2d(filters), nn.ReLU()]
    layers += [Residual(256) for _ in range(blocks)]
    for inputs, filters in [(256, 128), (128, 64)]:
        layers += [nn.Upsample(scale_factor=2), nn.Conv2d(inputs, filters, 3, padding=1)]
        layers += [nn.InstanceNorm2d(filters), nn.ReLU()]
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(64, channels, 7), nn.Tanh())


def adam_of(networks, fused):
    parameters = itertools.chain(*(network.parameters() for network in networks))
    return torch.optim.Adam(parameters, lr=2e-4, betas=(0.5, 0.999), fused=fused or None)


def mean_square(logits, target):
    return nn.functional.mse_loss(logits, torch.full_like(logits, target))


def pix2pix(fused, batch=4, side=64):
    """The generator's step by least squares and 100 times the absolute error, then the discriminator's."""
    generator, discriminator = unet(side), patch_judge(6, last_bias=False)
    optimizers = [adam_of([network], fused) for network in (generator, discriminator)]
    pairs = torch.rand(PICTURES // 16, 2, 3, side, side) * 2 - 1

    def play():
        a, b = pairs[torch.randint(len(pairs), (ASKED.get("batch", batch),), device=ASKED["device"])].unbind(1)
        judge = lambda made: discriminator(torch.cat([made, a], 1))
        optimizers[0].zero_grad()
        made = generator(a)
        loss = mean_square(judge(made), 1.0) + 100 * nn.functional.l1_loss(made, b)
        descend(optimizers[0], loss)
        optimizers[1].zero_grad()
        halves = mean_square(judge(b), 1.0) + mean_square(judge(made.detach()), 0.0)
        return loss, descend(optimizers[1], halves / 2)

    return play


class Pool:
    """Each made image takes, half of the time, the place of one of fifty older ones, which is shown instead."""

    def __init__(self, size=50):
        self.size, self.images = size, []

    def exchange(self, made):
        shown = []
        for image in made.detach():
            if len(self.images) < self.size:
                self.images.append(image)
            elif random.random() < 0.5:
                at = random.randrange(self.size)
                image, self.images[at] = self.images[at], image
            shown.append(image)
        return torch.stack(shown)


def cyclegan(fused, batch=1, side=64):
    """Both generators together, then each discriminator on a pool's images."""
    a_to_b, b_to_a = resnet(), resnet()
    judges = {"a": patch_judge(3, last_bias=True), "b": patch_judge(3, last_bias=True)}
    generators = adam_of([a_to_b, b_to_a], fused)
    optimizers = {domain: adam_of([judge], fused) for domain, judge in judges.items()}
    pools = {domain: Pool() for domain in judges}
    images = {domain: torch.rand(PICTURES // 16, 3, side, side) * 2 - 1 for domain in judges}
    absolute = nn.functional.l1_loss

    def play():
        a, b = (images[domain][torch.randint(PICTURES // 16, (batch,), device=ASKED["device"])] for domain in "ab")
        generators.zero_grad()
        identity = (absolute(b_to_a(a), a) + absolute(a_to_b(b), b)) / 2
        fake_b, fake_a = a_to_b(a), b_to_a(b)
        adversarial = (mean_square(judges["b"](fake_b), 1.0) + mean_square(judges["a"](fake_a), 1.0)) / 2
        cycle = (absolute(b_to_a(fake_b), a) + absolute(a_to_b(fake_a), b)) / 2
        losses = [descend(generators, adversarial + 10 * cycle + 5 * identity)]
        for domain, real, fake in [("a", a, fake_a), ("b", b, fake_b)]:
            optimizers[domain].zero_grad()
            shown = pools[domain].exchange(fake)
            halves = mean_square(judges[domain](real), 1.0) + mean_square(judges[domain](shown), 0.0)
            losses.append(descend(optimizers[domain], halves / 2))
        return losses

    return play


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
    "dcgan64": lambda fused: cross_entropy_round(
        Pair(dcgan_generator(), dcgan_discriminator(), [3, 64, 64], batch=64, fused=fused)
    ),
    "resnet_r1": lambda fused: r1_round(
        Pair(residual_generator(), residual_discriminator(), [3, 32, 32], batch=64, fused=fused)
    ),
    "toy": toy(penalized=False),
    "toy_gp": toy(penalized=True),
    "pix2pix": pix2pix,
    "cyclegan": cyclegan,
}


def time_rounds(play, seconds, least_rounds=1):
    """Milliseconds of each round, on the clock and of all processors, for so long and at least so many."""
    times, processor = [], []
    start = time.perf_counter()
    while len(times) < least_rounds or time.perf_counter() - start < seconds:
        before, before_processor = time.perf_counter(), time.process_time()
        losses = [loss.item() for loss in play()]
        times.append((time.perf_counter() - before) * 1e3)
        processor.append((time.process_time() - before_processor) * 1e3)
    if not all(map(lambda loss: abs(loss) < float("inf"), losses)):
        raise SystemExit(f"expected finite losses, got {losses}")
    return times, processor


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", required=True, choices=CASES)
    parser.add_argument("--threads", type=int, default=0, help="0: PyTorch's own choice")
    parser.add_argument("--seconds", type=float, default=10, help="after the warm-up")
    parser.add_argument("--device", default="cpu", help="auto: cuda where it is, else cpu")
    parser.add_argument("--batch-size", type=int, help="instead of the case's own")
    parser.add_argument("--warm-up", type=int, default=WARM_UP["rounds"], help="rounds")
    parser.add_argument("--fused", action="store_true", help="Adam's fused kernel; the default is not")
    args = parser.parse_args()
    threads = set_threads(args.threads)
    device = args.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    # float32 products, as ours are.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    ASKED["device"] = device
    torch.manual_seed(1)
    if args.batch_size:
        ASKED["batch"] = args.batch_size
    # Only while networks and data are made: as a setting of the whole run it would slow every call.
    with torch.device(device):
        play = CASES[args.case](args.fused)
    time_rounds(play, WARM_UP["seconds"], args.warm_up)
    times, processor = time_rounds(play, args.seconds)
    report = {
        "case": args.case,
        "device": torch.cuda.get_device_name() if device == "cuda" else device,
        "threads": threads,
        "fused": args.fused,
        "rounds": len(times),
        "median_ms": round(statistics.median(times), 4),
        "least_ms": round(min(times), 4),
        "mean_ms": round(statistics.mean(times), 4),
        "least_cpu_ms": round(min(processor), 4),
        "torch": torch.__version__,
        "cpu_capability": cpu_capability(),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
