"""Networks by name beside the programs that define them: random weights under the official names, and their outputs.

    python networks.py --out DIR [--cases dinov2-s,dinov2-b,...] [--seconds]     for bench/networks.js; prints JSON
    python networks.py --golden test/networks/architectures/fixtures/transformers.json    small, for the tests
    python networks.py --stored test/networks/fixtures                           a .pth and a safetensors file, small

No weights are downloaded: every parameter is drawn, also those that training starts at 0 or 1, so that each has a say.
DINOv2's own is timm's, which has its names; its positions are interpolated here by PyTorch as dinov2's
vision_transformer.py does. "huggingface" is transformers' Dinov2Model as it is.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
COUNT = 8


def pictures(side):
    """Levels [8, side, side, 3]: waves and noise, the last two grey and black."""
    rng = np.random.default_rng(side)
    y, x = np.mgrid[0:side, 0:side] / side
    made = []
    for k in range(COUNT):
        waves = [np.sin(2 * np.pi * ((k + 1) * x * (c + 1) + (3 - c) * y * k)) for c in range(3)]
        levels = 127.5 + 90 * np.stack(waves, -1) + rng.normal(0, 20, (side, side, 3))
        made.append(np.clip(levels, 0, 255).astype(np.uint8))
    made[6][:] = made[6][:, :, :1]
    made[7][:] = 0
    return np.stack(made)


def scaled(levels, scaling):
    mean, std = (torch.tensor(each).view(1, 3, 1, 1) for each in scaling)
    return (torch.from_numpy(levels).permute(0, 3, 1, 2).float() / 255 - mean) / std


def draw(model, seed):
    """Every parameter, by its kind: products keep the size of what goes through them."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            drawn = torch.randn(parameter.shape, generator=generator)
            if parameter.ndim >= 2 and not any(word in name for word in ("pos", "cls", "class", "mask")):
                fan_in = parameter.shape[0] if name == "proj" or name.endswith("visual.proj") else parameter[0].numel()
                drawn *= fan_in**-0.5
            elif name.endswith("weight") and parameter.ndim == 1 or "gamma" in name or "lambda" in name:
                drawn = 1 + 0.3 * drawn
            else:
                drawn *= 0.3
            parameter.copy_(drawn)
    return model.eval()


def interpolated(positions, side, mode):
    """dinov2/models/vision_transformer.py, interpolate_pos_encoding: by scale factor, or by size where its offset is 0."""
    grid = math.isqrt(positions.shape[1] - 1)
    if grid == side:
        return positions
    patches = positions[:, 1:].reshape(1, grid, grid, -1).permute(0, 3, 1, 2)
    scale = (side + 0.1) / grid
    how = {"scale_factor": (scale, scale)} if mode == "dinov2" else {"size": (side, side)}
    made = F.interpolate(patches, mode="bicubic", antialias=False, **how)
    assert made.shape[-1] == side
    return torch.cat([positions[:, :1], made.permute(0, 2, 3, 1).reshape(1, side * side, -1)], 1)


def timm_dino(width, depth, heads, patch=14, grid=37):
    from timm.models.vision_transformer import VisionTransformer

    return VisionTransformer(
        img_size=patch * grid, patch_size=patch, embed_dim=width, depth=depth, num_heads=heads, num_classes=0, init_values=1.0,
    )


def timm_at(model, side, mode, shape):
    """The same model for images of another size."""
    width, depth, heads, patch, _ = shape
    other = timm_dino(width, depth, heads, patch, side // patch)
    state = dict(model.state_dict())
    state["pos_embed"] = interpolated(state["pos_embed"], side // patch, mode)
    other.load_state_dict(state)
    return other.eval()


def hugging_dino(width, depth, heads, patch=14, grid=37):
    from transformers import Dinov2Config, Dinov2Model

    return Dinov2Model(
        Dinov2Config(
            hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads, patch_size=patch, image_size=patch * grid,
            attn_implementation="eager",
        )
    )


def hugging_clip(width, depth, heads, patch, grid, projection, whole=False):
    from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPVisionConfig, CLIPVisionModelWithProjection

    vision = CLIPVisionConfig(
        hidden_size=width, intermediate_size=4 * width, num_hidden_layers=depth, num_attention_heads=heads, patch_size=patch,
        image_size=patch * grid, projection_dim=projection,
    )
    if not whole:
        return CLIPVisionModelWithProjection(vision)
    text = CLIPTextConfig(num_hidden_layers=2, projection_dim=projection)
    return CLIPModel(CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=projection))


def open_clip_model(width, depth, heads, patch, grid, projection):
    from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

    vision = CLIPVisionCfg(layers=depth, width=width, head_width=width // heads, patch_size=patch, image_size=patch * grid)
    return CLIP(projection, vision, CLIPTextCfg(layers=2), quick_gelu=True)


DINO_SIZES = {"s": (384, 12, 6, 14, 37), "b": (768, 12, 12, 14, 37), "l": (1024, 24, 16, 14, 37)}
CLIP_SIZES = {
    "b-32": (768, 12, 12, 32, 7, 512),
    "l-14": (1024, 24, 16, 14, 16, 768),
    "l-336": (1024, 24, 16, 14, 24, 768),
}


def clip_outputs(model, images, classes=True):
    out = model(images)
    ends = {"projection": out.image_embeds}
    if classes:
        body = getattr(model, "vision_model", model)
        ends["class_token"] = body(images).pooler_output
    return ends


def dino_cases():
    for size, shape in DINO_SIZES.items():
        side = 224
        yield f"dinov2-{size}", "timm", side, lambda s=shape: draw(timm_dino(*s), 1), lambda m, x, s=shape: {
            "class_token": timm_at(m, side, "dinov2", s)(x)}, {"positions": "dinov2"}
        yield f"dinov2-{size}", "timm-by-size", side, lambda s=shape: draw(timm_dino(*s), 1), lambda m, x, s=shape: {
            "class_token": timm_at(m, side, "huggingface", s)(x)}, {"positions": "huggingface"}
        yield f"dinov2-{size}", "transformers", side, lambda s=shape: draw(hugging_dino(*s), 2), lambda m, x: {
            "class_token": m(x).last_hidden_state[:, 0]}, {"positions": "huggingface"}


def clip_cases():
    for size, shape in CLIP_SIZES.items():
        side = shape[3] * shape[4]
        yield f"clip-{size}", "transformers", side, lambda s=shape: draw(hugging_clip(*s, whole=True), 3), lambda m, x: {
            "projection": m.visual_projection(m.vision_model(x).pooler_output),
            "class_token": m.vision_model(x).pooler_output}, {}
        yield f"clip-{size}", "open_clip", side, lambda s=shape: draw(open_clip_model(*s), 4), lambda m, x: {
            "projection": m.encode_image(x)}, {}


def torchvision_cases():
    import torchvision

    def ends(model, images):
        maps = torch.flatten(model.avgpool(model.features(images)), 1)
        # The second dense layer after its ReLU: index 5 of VGG's list with dropout, 6 of AlexNet's begins with dropout.
        cut = 6 if isinstance(model, torchvision.models.AlexNet) else 5
        fc2 = model.classifier[:cut](maps)
        return {"fc2": fc2, "logits": model.classifier[cut:](fc2)}

    for name in ("vgg16", "vgg19", "alexnet"):
        yield name, "torchvision", 224, lambda n=name: draw(getattr(torchvision.models, n)(weights=None), 5), ends, {}


def all_cases():
    yield from dino_cases()
    yield from clip_cases()
    yield from torchvision_cases()


def official_state(model, program):
    """Under the names of the files that people have: transformers writes those, its modules have newer ones."""
    if program != "transformers":
        return model.state_dict()
    from safetensors.torch import load_file

    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return load_file(os.path.join(folder, "model.safetensors"))


def save(model, program, stem):
    """As each program's own files are: safetensors of transformers' DINOv2, pytorch_model.bin of its CLIP, else .pth."""
    state = official_state(model, program)
    if program == "transformers" and "dinov2" in stem:
        from safetensors.torch import save_file

        save_file(state, stem + ".safetensors", metadata={"format": "pt"})
        return stem + ".safetensors"
    if program.startswith("timm"):
        state = {**state, "mask_token": torch.zeros(1, state["cls_token"].shape[-1])}
    file = stem + (".bin" if program == "transformers" else ".pth")
    torch.save(state, file)
    return file


def seconds_of(call):
    """The least of three runs of a batch, after one to warm up."""
    call()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def main_cases(out, names, with_seconds):
    os.makedirs(out, exist_ok=True)
    report = []
    for name, program, side, make, outputs, options in all_cases():
        if names and name not in names and f"{name}:{program}" not in names:
            continue
        scaling = CLIP if name.startswith("clip") else IMAGENET
        levels = pictures(side)
        images = scaled(levels, scaling)
        with torch.inference_mode():
            model = make()
            stem = os.path.join(out, f"{name}-{program}")
            ends = outputs(model, images)
            np.save(os.path.join(out, f"pictures-{side}.npy"), levels)
            case = {"name": name, "program": program, "file": save(model, program, stem), "side": side, "ends": {}, **options}
            for end, values in ends.items():
                np.save(f"{stem}-{end}.npy", values.float().numpy())
                case["ends"][end] = f"{stem}-{end}.npy"
            if with_seconds:
                run = timm_at(model, side, "dinov2", DINO_SIZES[name[-1]]) if program == "timm" else None
                case["seconds"] = seconds_of((lambda: run(images)) if run else (lambda: outputs(model, images)))
        report.append(case)
        print(name, program, file=sys.stderr, flush=True)
    print(json.dumps({"threads": torch.get_num_threads(), "torch": torch.__version__, "cases": report}, indent=1))


# --- Goldens: small networks of the same classes, weights by a formula that the tests have too.

SMALL = {"dinov2": (64, 2, 2, 4, 5), "clip": (64, 2, 2, 4, 4, 32)}


def small_image(k, side):
    """bench/peers/paired_peer.py, real_image."""
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((x * 7 + y * 13 + c * 29 + k * 31 + ((x * y * (c + 1 + k)) % 17) * 5) % 256).astype(np.uint8)


def small_images(side):
    """Two in colour and one that is black."""
    return np.stack([small_image(0, side), small_image(1, side), np.zeros((side, side, 3), np.uint8)])


def hashed(count, seed):
    """bench/peers/paired_peer.py."""
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed)
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
    return (h.astype(np.float64) / 2**32 - 0.5).astype(np.float32)


def formula(state):
    """Tensors by name: `scale hashed(size, seed) + offset`."""
    rows, tensors = [], {}
    for seed, key in enumerate(sorted(state), 1):
        shape = list(state[key].shape)
        size = math.prod(shape)
        is_table = any(word in key for word in ("pos", "cls", "class", "mask"))
        is_product = len(shape) >= 2 and not is_table
        is_scale = not is_product and not is_table and not key.endswith("bias")
        fan_in = shape[0] if key.endswith("visual.proj") else math.prod(shape[1:])
        scale = round(math.sqrt(12 / fan_in), 4) if is_product else 1.0
        offset = 1.0 if is_scale else 0.0
        rows.append({"key": key, "shape": shape, "seed": seed, "scale": scale, "offset": offset})
        values = hashed(size, seed).astype(np.float64) * scale + offset
        tensors[key] = torch.from_numpy(values.astype(np.float32)).reshape(shape)
    return rows, tensors


def load_official(model, tensors, program):
    """transformers reads the names of its files; others have them."""
    if program != "transformers":
        model.load_state_dict(tensors, strict=False)
        return model.eval()
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory() as folder:
        save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
        model.config.save_pretrained(folder)
        return type(model).from_pretrained(folder, attn_implementation="eager").eval()


class SmallVgg(torch.nn.Module):
    """torchvision's VGG with fewer channels, for images of 8x8: its lists of layers, in its order, under its names."""

    def __init__(self):
        super().__init__()
        import torchvision

        self.features = torchvision.models.vgg.make_layers([4, "M", 6, 8, "M"])
        dense = [torch.nn.Linear(32, 16), torch.nn.ReLU(True), torch.nn.Dropout(), torch.nn.Linear(16, 16)]
        self.classifier = torch.nn.Sequential(*dense, torch.nn.ReLU(True), torch.nn.Dropout(), torch.nn.Linear(16, 5))

    def forward(self, images):
        fc2 = self.classifier[:5](torch.flatten(self.features(images), 1))
        return {"fc2": fc2, "logits": self.classifier[5:](fc2)}


def small_cases():
    dino = SMALL["dinov2"]

    def by_size(mode):
        return lambda m, x: {"class_token": timm_at(m, x.shape[-1], mode, dino)(x)}

    yield "dinov2", "timm", timm_dino(*dino), (12, 20, 28), by_size("dinov2"), {"positions": "dinov2"}
    yield "dinov2", "timm-by-size", timm_dino(*dino), (12,), by_size("huggingface"), {"positions": "huggingface"}
    yield "dinov2", "transformers", hugging_dino(*dino), (12, 20, 28), lambda m, x: {
        "class_token": m(x).last_hidden_state[:, 0]}, {"positions": "huggingface"}
    yield "clip", "transformers", hugging_clip(*SMALL["clip"]), (16,), lambda m, x: {
        "projection": m(x).image_embeds, "class_token": m.vision_model(x).pooler_output}, {}
    yield "clip", "open_clip", open_clip_model(*SMALL["clip"]), (16,), lambda m, x: {"projection": m.encode_image(x)}, {}
    yield "vgg", "torchvision", SmallVgg(), (8,), lambda m, x: m(x), {}


def golden(file):
    made = []
    for kind, program, model, sides, outputs, options in small_cases():
        state = official_state(model, program)
        if program == "open_clip":
            state = {key: value for key, value in state.items() if key.startswith("visual.")}
        rows, tensors = formula(state)
        model = load_official(model, tensors, program)
        results = []
        for side in sides:
            images = scaled(small_images(side), CLIP if kind == "clip" else IMAGENET)
            with torch.inference_mode():
                ends = outputs(model, images)
            results.append({"side": side, "ends": {end: [[float(f"{v:.8g}") for v in row] for row in values.tolist()]
                                                   for end, values in ends.items()}})
        made.append({"kind": kind, "program": program, **options, "weights": rows, "results": results})
    with open(file, "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in made) + "\n]\n")


def stored(folder):
    """One small DINOv2 in half precision, saved by torch itself, and the same in safetensors: what readers must widen."""
    from safetensors.torch import save_file

    _, tensors = formula(timm_dino(8, 1, 2, 2, 2).state_dict())
    half = {key: value.half() for key, value in tensors.items()}
    torch.save(half, os.path.join(folder, "dinov2-half.pth"))
    save_file({key: value.bfloat16() for key, value in tensors.items()}, os.path.join(folder, "dinov2-bfloat.safetensors"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out")
    parser.add_argument("--golden")
    parser.add_argument("--stored")
    parser.add_argument("--cases", default="")
    parser.add_argument("--seconds", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.golden:
        golden(arguments.golden)
    if arguments.stored:
        stored(arguments.stored)
    if arguments.out:
        main_cases(arguments.out, [case for case in arguments.cases.split(",") if case], arguments.seconds)
