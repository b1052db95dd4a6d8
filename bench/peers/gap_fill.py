"""The FID network with its gaps filled by seeded random tensors, as a state dict of pytorch-fid and torch-fidelity.

The partial weights (safetensors, HWIO, batch norm folded) lack two convolutions and the classifier. The fill is
ours and the same in both languages, bit for bit: a value is (u1 + u2 + u3 - 1.5) * scale in float64, rounded to
float32, where u1, u2, u3 are the next three of mulberry32(seed) and the variance of the sum is 1/4.
"""

import numpy as np

SEED = 2015
EPSILON = np.float32(0.001)

# name, shape, fan-in, gain: scale = sqrt(gain / fan_in)
GAPS = [
    ("mixed_9/tower_1/conv_1/weights", (3, 3, 448, 384), 3 * 3 * 448, 8.0),
    ("mixed_10/tower_1/conv_1/weights", (3, 3, 448, 384), 3 * 3 * 448, 8.0),
    ("softmax/weights", (2048, 1008), 2048, 4.0),
    ("softmax/biases", (1008,), 2048, 4.0),
]


def mulberry32(seed, start, count):
    """Uniforms number start .. start + count of mulberry32(seed), float64 in [0, 1). The state is a counter,
    so that any stretch of the sequence is computed at once."""
    with np.errstate(over="ignore"):
        steps = np.arange(start + 1, start + count + 1, dtype=np.uint64)
        a = ((np.uint64(seed) + steps * np.uint64(0x6D2B79F5)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
        return (t ^ (t >> np.uint32(14))).astype(np.float64) / 4294967296.0


def fill_gaps(tensors, seed=SEED):
    """Adds the missing tensors to `tensors` (name -> float32 array), one stream of numbers over all of them."""
    position = 0
    for name, shape, fan_in, gain in GAPS:
        count = int(np.prod(shape))
        u = mulberry32(seed, position, 3 * count).reshape(count, 3)
        position += 3 * count
        values = ((u[:, 0] + u[:, 1] + u[:, 2]) - 1.5) * np.sqrt(gain / fan_in)
        tensors[name] = values.astype(np.float32).reshape(shape)
    return tensors


def partial_to_filled(path, seed=SEED):
    from safetensors.numpy import load_file

    return fill_gaps(load_file(path), seed)


# torch module -> layer of the 2015 graph, block by block
STEM = {
    "Conv2d_1a_3x3": "conv",
    "Conv2d_2a_3x3": "conv_1",
    "Conv2d_2b_3x3": "conv_2",
    "Conv2d_3b_1x1": "conv_3",
    "Conv2d_4a_3x3": "conv_4",
}
BLOCK_A = {
    "branch1x1": "conv",
    "branch5x5_1": "tower/conv",
    "branch5x5_2": "tower/conv_1",
    "branch3x3dbl_1": "tower_1/conv",
    "branch3x3dbl_2": "tower_1/conv_1",
    "branch3x3dbl_3": "tower_1/conv_2",
    "branch_pool": "tower_2/conv",
}
BLOCK_B = {
    "branch3x3": "conv",
    "branch3x3dbl_1": "tower/conv",
    "branch3x3dbl_2": "tower/conv_1",
    "branch3x3dbl_3": "tower/conv_2",
}
BLOCK_C = {
    "branch1x1": "conv",
    "branch7x7_1": "tower/conv",
    "branch7x7_2": "tower/conv_1",
    "branch7x7_3": "tower/conv_2",
    "branch7x7dbl_1": "tower_1/conv",
    "branch7x7dbl_2": "tower_1/conv_1",
    "branch7x7dbl_3": "tower_1/conv_2",
    "branch7x7dbl_4": "tower_1/conv_3",
    "branch7x7dbl_5": "tower_1/conv_4",
    "branch_pool": "tower_2/conv",
}
BLOCK_D = {
    "branch3x3_1": "tower/conv",
    "branch3x3_2": "tower/conv_1",
    "branch7x7x3_1": "tower_1/conv",
    "branch7x7x3_2": "tower_1/conv_1",
    "branch7x7x3_3": "tower_1/conv_2",
    "branch7x7x3_4": "tower_1/conv_3",
}
BLOCK_E = {
    "branch1x1": "conv",
    "branch3x3_1": "tower/conv",
    "branch3x3_2a": "tower/mixed/conv",
    "branch3x3_2b": "tower/mixed/conv_1",
    "branch3x3dbl_1": "tower_1/conv",
    "branch3x3dbl_2": "tower_1/conv_1",
    "branch3x3dbl_3a": "tower_1/mixed/conv",
    "branch3x3dbl_3b": "tower_1/mixed/conv_1",
    "branch_pool": "tower_2/conv",
}
BLOCKS = {
    "Mixed_5b": ("mixed", BLOCK_A),
    "Mixed_5c": ("mixed_1", BLOCK_A),
    "Mixed_5d": ("mixed_2", BLOCK_A),
    "Mixed_6a": ("mixed_3", BLOCK_B),
    "Mixed_6b": ("mixed_4", BLOCK_C),
    "Mixed_6c": ("mixed_5", BLOCK_C),
    "Mixed_6d": ("mixed_6", BLOCK_C),
    "Mixed_6e": ("mixed_7", BLOCK_C),
    "Mixed_7a": ("mixed_8", BLOCK_D),
    "Mixed_7b": ("mixed_9", BLOCK_E),
    "Mixed_7c": ("mixed_10", BLOCK_E),
}


def torch_to_layer():
    """torch module name -> layer name, for all 94 convolutions."""
    names = dict(STEM)
    for module, (layer, branches) in BLOCKS.items():
        for branch, tail in branches.items():
            names[f"{module}.{branch}"] = f"{layer}/{tail}"
    assert len(names) == 94
    return names


def unit_variance():
    """The float32 v for which 1 / sqrt(v + 0.001) is exactly 1 in float32, so that batch norm only adds its bias."""
    v = np.float32(1) - EPSILON
    assert np.float32(1) / np.sqrt(v + EPSILON) == np.float32(1)
    return v


def filled_to_state_dict(tensors):
    """Folded HWIO tensors as the state dict that both libraries load (plain tensors, float32)."""
    import torch

    state = {}
    variance = float(unit_variance())
    for module, layer in torch_to_layer().items():
        weights = np.ascontiguousarray(tensors[f"{layer}/weights"].transpose(3, 2, 0, 1))
        biases = torch.from_numpy(tensors[f"{layer}/biases"].copy())
        state[f"{module}.conv.weight"] = torch.from_numpy(weights)
        state[f"{module}.bn.weight"] = torch.ones_like(biases)
        state[f"{module}.bn.bias"] = biases
        state[f"{module}.bn.running_mean"] = torch.zeros_like(biases)
        state[f"{module}.bn.running_var"] = torch.full_like(biases, variance)
        state[f"{module}.bn.num_batches_tracked"] = torch.tensor(0)
    state["fc.weight"] = torch.from_numpy(np.ascontiguousarray(tensors["softmax/weights"].T))
    state["fc.bias"] = torch.from_numpy(tensors["softmax/biases"].copy())
    return state
