"""What every peer script shares: stage timing, versions, threads, and the JSON on stdout."""

import contextlib
import json
import os
import platform
import sys
import time
from importlib.metadata import version

import numpy as np


class Stages:
    """Wall-clock seconds of named stages, in the order in which they ran."""

    def __init__(self):
        self.seconds = {}

    @contextlib.contextmanager
    def stage(self, name):
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def set_threads(count):
    import torch

    if count:
        torch.set_num_threads(count)
    return torch.get_num_threads()


def library_versions(*packages):
    versions = {"python": platform.python_version()}
    return versions | {name: version(name) for name in ("torch", "numpy", "scipy", "pillow", *packages)}


def cpu_capability():
    import torch

    return torch.backends.cpu.get_cpu_capability()


def save_array(folder, name, array):
    """Writes `<folder>/<name>.npy` through a temporary name and returns its path."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{name}.npy")
    with open(f"{path}.part", "wb") as file:
        np.save(file, array)
    os.replace(f"{path}.part", path)
    return path


def print_report(report):
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")
