"""What the libraries behind paired scores make of the same pairs of images, and of the same networks.

    python paired_peer.py --golden test/metrics/fixtures/paired.json     small, for the tests
    python paired_peer.py --out DIR                                      images and networks for bench/paired.js; prints JSON

Images and weights come from formulas that test/metrics/paired-images.ts has too. lpips is that package's own class with its
own lin weights (alex.pth, vgg.pth); its backbones are untrained, since no weights are downloaded here.
"""

import argparse
import json
import os
import shutil

import lpips
import numpy as np
import torch
import torchvision
from PIL import Image
from scipy.ndimage import correlate1d
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torchmetrics.image import PeakSignalNoiseRatio, StructuralSimilarityIndexMeasure


BORDER = 4


def real_image(k, height, width):
    """Levels [height, width, 3] of the kth real image."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 7 + y * 13 + c * 29 + k * 31 + ((x * y * (c + 1 + k)) % 17) * 5) % 256).astype(np.uint8)


def fake_image(k, height, width):
    """The kth real image, each level moved by up to 11 (k + 1)."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    moved = (k + 1) * ((x * 5 + y * 3 + c * 11 + k + (x * y) % 7) % 23 - 11)
    return np.clip(real_image(k, height, width).astype(np.int64) + moved, 0, 255).astype(np.uint8)


def hashed(count, seed):
    """[count] float32 in [-0.5, 0.5): MurmurHash3's finalizer of count and seed."""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed)
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
    return (h.astype(np.float64) / 2**32 - 0.5).astype(np.float32)


def fill(features):
    """Weights of variance 2 / inputs, biases within 0.05, numbered as in the state dict."""
    with torch.no_grad():
        for i, layer in enumerate(features):
            if not isinstance(layer, torch.nn.Conv2d):
                continue
            weight = layer.weight
            scale = np.float32(np.sqrt(24 / weight[0].numel()))
            weight.copy_(torch.from_numpy(hashed(weight.numel(), 2 * i + 1) * scale).reshape(weight.shape))
            layer.bias.copy_(torch.from_numpy(hashed(layer.bias.numel(), 2 * i + 2) * np.float32(0.1)))
    return features


def fill_lin(module):
    """Weights of 0 to 1, as those of lpips are not negative."""
    with torch.no_grad():
        for i, lin in enumerate(module.lins):
            weight = lin.model[1].weight
            values = hashed(weight.numel(), 100 + i) + np.float32(0.5)
            weight.copy_(torch.from_numpy(values).reshape(weight.shape))
    return module


def tensor(image):
    return torch.from_numpy(image.transpose(2, 0, 1)[None].copy())


def to_range(image):
    return tensor(image).float() / 127.5 - 1


# BasicSR 1.4.2, basicsr/metrics/psnr_ssim.py and basicsr/utils/matlab_functions.py, as formulas.
def basicsr_planes(image, border, y_channel):
    planes = image.astype(np.float64)
    if border:
        planes = planes[border:-border, border:-border]
    if y_channel:
        planes = (planes @ np.array([65.481, 128.553, 24.966]) / 255 + 16)[..., None]
    return planes


def basicsr_psnr(a, b, border, y_channel):
    x, y = basicsr_planes(a, border, y_channel), basicsr_planes(b, border, y_channel)
    return 10 * np.log10(255.0**2 / np.mean((x - y) ** 2))


def basicsr_ssim(a, b, border, y_channel):
    taps = np.exp(-((np.arange(11) - 5.0) ** 2) / (2 * 1.5**2))
    taps /= taps.sum()
    blur = lambda plane: correlate1d(correlate1d(plane, taps, 0), taps, 1)[5:-5, 5:-5]
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    x, y = basicsr_planes(a, border, y_channel), basicsr_planes(b, border, y_channel)
    values = []
    for c in range(x.shape[2]):
        p, q = x[..., c], y[..., c]
        mp, mq = blur(p), blur(q)
        vp, vq, cov = blur(p * p) - mp**2, blur(q * q) - mq**2, blur(p * q) - mp * mq
        values.append(np.mean((2 * mp * mq + c1) * (2 * cov + c2) / ((mp**2 + mq**2 + c1) * (vp + vq + c2))))
    return np.mean(values)


def mean_of(score, pairs):
    return float(np.mean([score(real, fake) for real, fake in pairs]))


def torchmetrics_value(metric, pairs):
    for real, fake in pairs:
        metric.update(tensor(fake).double(), tensor(real).double())
    return float(metric.compute())


def pairs_to_values(pairs):
    """The names are ours: metric, and the options that make it the library's."""
    wang = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255, "channel_axis": -1}
    return {
        "l1": mean_of(lambda a, b: np.mean(np.abs(a.astype(float) - b)) / 255, pairs),
        "psnr skimage": mean_of(lambda a, b: peak_signal_noise_ratio(a, b), pairs),
        "psnr torchmetrics": torchmetrics_value(PeakSignalNoiseRatio(data_range=255.0).double(), pairs),
        "psnr basicsr y": mean_of(lambda a, b: basicsr_psnr(a, b, BORDER, True), pairs),
        "psnr basicsr rgb": mean_of(lambda a, b: basicsr_psnr(a, b, BORDER, False), pairs),
        "ssim skimage": mean_of(lambda a, b: structural_similarity(a, b, channel_axis=-1), pairs),
        "ssim wang": mean_of(lambda a, b: structural_similarity(a, b, **wang), pairs),
        "ssim torchmetrics": torchmetrics_value(StructuralSimilarityIndexMeasure(data_range=255.0).double(), pairs),
        "ssim basicsr y": mean_of(lambda a, b: basicsr_ssim(a, b, BORDER, True), pairs),
        "ssim basicsr rgb": mean_of(lambda a, b: basicsr_ssim(a, b, BORDER, False), pairs),
    }


def open_lpips(net):
    model = lpips.LPIPS(net=net, pretrained=False, pnet_rand=True, verbose=False)
    backbone = {"alex": torchvision.models.alexnet, "vgg": torchvision.models.vgg16}[net](weights=None)
    fill(backbone.features)
    for part in [model.net.slice1, model.net.slice2, model.net.slice3, model.net.slice4, model.net.slice5]:
        for name, layer in part.named_children():
            layer.load_state_dict(backbone.features[int(name)].state_dict())
    return model.eval(), backbone


def lpips_of(model, pairs):
    with torch.no_grad():
        return mean_of(lambda a, b: model(to_range(a), to_range(b)).item(), pairs)


def vgg_features(image, layers):
    """The maps of VGG19's first layers, of an image in [0, 1] normalised as torchvision's transforms do."""
    features = fill(torchvision.models.vgg19(weights=None).features)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    x = (tensor(image).float() / 255 - mean[:, None, None]) / std[:, None, None]
    with torch.no_grad():
        return features[:layers](x)[0].numpy().transpose(1, 2, 0), features


def golden():
    pairs = [(real_image(k, 36, 41), fake_image(k, 36, 41)) for k in range(3)]
    model = fill_lin(open_lpips("alex")[0])
    large = [(real_image(k, 64, 67), fake_image(k, 64, 67)) for k in range(2)]
    maps, _ = vgg_features(real_image(0, 32, 36), 18)
    return {
        "size": [36, 41],
        "count": 3,
        "border": BORDER,
        "values": pairs_to_values(pairs),
        "lpips": {"size": [64, 67], "count": 2, "alex": lpips_of(model, large)},
        "vgg19": {
            "size": [32, 36],
            "layer": "relu3_4",
            "shape": list(maps.shape),
            "mean": float(maps.mean()),
            "every": 911,
            "values": [float(v) for v in maps.ravel()[::911]],
        },
    }


def write_bench(folder):
    height, width, count = 96, 131, 12
    pairs = [(real_image(k % 7, height, width + k // 7), fake_image(k, height, width + k // 7)) for k in range(count)]
    shutil.rmtree(folder, ignore_errors=True)
    for k, (real, fake) in enumerate(pairs):
        for role, image in [("real", real), ("fake", fake)]:
            os.makedirs(os.path.join(folder, role), exist_ok=True)
            Image.fromarray(image).save(os.path.join(folder, role, f"{k:03}.png"))
    values = pairs_to_values(pairs)
    for net in ["alex", "vgg"]:
        model, backbone = open_lpips(net)
        lin = os.path.join(os.path.dirname(lpips.__file__), "weights", "v0.1", f"{net}.pth")
        model.load_state_dict(torch.load(lin, map_location="cpu"), strict=False)
        values[f"lpips {net}"] = lpips_of(model, pairs)
        shutil.copy(lin, os.path.join(folder, f"{net}-lin.pth"))
        torch.save(backbone.state_dict(), os.path.join(folder, f"{net}.pth"))
    maps, features = vgg_features(pairs[0][0], 35)
    torch.save({f"features.{name}": value for name, value in features.state_dict().items()}, os.path.join(folder, "vgg19.pth"))
    np.save(os.path.join(folder, "vgg19-conv5_4.npy"), maps)
    return {"values": values, "border": BORDER, "count": count}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--golden")
    parser.add_argument("--out")
    args = parser.parse_args()
    torch.set_num_threads(2)
    if args.golden:
        os.makedirs(os.path.dirname(args.golden), exist_ok=True)
        with open(args.golden, "w") as file:
            json.dump(golden(), file, indent=2)
            file.write("\n")
    else:
        print(json.dumps(write_bench(args.out)))
