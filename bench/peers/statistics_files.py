"""Files of features and statistics as other programs write them, and ours as they read them.

    python bench/peers/statistics_files.py fixtures test/evaluate/fixtures/statistics
    python bench/peers/statistics_files.py check --program "node dist/cli/main.js"

`fixtures` writes the small files that the tests of our readers load (d = 4), with numpy.savez, torch.save and
pickle.dump as the programs named call them, and expected.json. `check` has our program write a file of every format
from the same features, and reads it back: with pytorch-fid's and torch-fidelity's own code, with torch.load and
pickle.load as the others' code does. StyleGAN, EDM2, dgm-eval and ADM are not packages; with `--sources DIR` (clones in
DIR/stylegan3, DIR/edm2) their own loaders run too.
"""

import argparse
import importlib
import json
import pickle
import shlex
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import torch

ROWS, WIDTH = 12, 4


def features():
    """Multiples of 1/8: exact in float32, so that sums of them are exact too."""
    return (np.random.RandomState(5).randint(-16, 48, (ROWS, WIDTH)) / 8).astype(np.float32)


def spatial_features():
    return (np.random.RandomState(6).randint(-16, 48, (ROWS, 3)) / 8).astype(np.float32)


def moments(rows):
    rows = rows.astype(np.float64)
    return rows.mean(axis=0), np.cov(rows, rowvar=False)


def stylegan_statistics(rows, capture_all):
    """The fields of FeatureStats after append() of two batches."""
    rows64 = rows.astype(np.float64)
    return {
        "capture_all": capture_all,
        "capture_mean_cov": not capture_all,
        "max_items": len(rows),
        "num_items": len(rows),
        "num_features": rows.shape[1],
        "all_features": [rows[:7], rows[7:]] if capture_all else [],
        "raw_mean": np.zeros(rows.shape[1]) if capture_all else rows64.sum(axis=0),
        "raw_cov": np.zeros([rows.shape[1]] * 2) if capture_all else rows64.T @ rows64,
    }


def write_fixtures(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rows = features()
    mu, sigma = moments(rows)
    mu_s, sigma_s = moments(spatial_features())

    def dump(name, value, protocol=4):
        (folder / name).write_bytes(pickle.dumps(value, protocol=protocol))

    np.savez_compressed(folder / "pytorch-fid.npz", mu=mu, sigma=sigma)
    np.savez(folder / "fortran-float32.npz", mu=mu.astype("f4"), sigma=np.asfortranarray(sigma, "f4"))
    np.savez(folder / "clean-fid-kid.npz", feats=rows)
    pictures = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    np.savez(folder / "adm.npz", arr_0=pictures, mu=mu, sigma=sigma, mu_s=mu_s, sigma_s=sigma_s)
    np.savez(folder / "dgm-eval.npz", model="dinov2", reps=rows, hparams={"batch_size": 50})
    labels, probs = np.zeros(ROWS, np.int64), np.full((ROWS, 2), 0.5, np.float32)
    np.savez(folder / "studiogan-feats.npz", real_feats=rows, real_probs=probs, real_labels=labels)
    np.save(folder / "codes.npy", rows.astype(np.float64))
    torch.save(torch.from_numpy(rows), folder / "torch-fidelity-features.pt")
    torch.save({"mu": rows.mean(axis=0), "sigma": sigma}, folder / "torch-fidelity-stat.pt")
    for protocol in (2, 3, 4):
        dump(f"stylegan-protocol{protocol}.pkl", stylegan_statistics(rows, False), protocol)
    dump("stylegan-all.pkl", stylegan_statistics(rows, True))
    dino = {"mu": mu[:3], "sigma": np.ascontiguousarray(sigma[:3, :3])}
    both = {"num_images": ROWS, "fid": {"mu": mu, "sigma": sigma}, "fd_dinov2": dino}
    dump("edm2.pkl", both)
    dump("edm2-dinov2.pkl", {"fd_dinov2": dino})
    dump("numpy-scalar.pkl", {**stylegan_statistics(rows, False), "num_items": np.int64(ROWS)})
    expected = {
        "_made": f"bench/peers/statistics_files.py with NumPy {np.__version__}, torch {torch.__version__}",
        "rows": ROWS,
        "width": WIDTH,
        "features": rows.flatten().tolist(),
        "mu": mu.tolist(),
        "sigma": sigma.flatten().tolist(),
        "sigma0": np.cov(rows.astype(np.float64), rowvar=False, ddof=0).flatten().tolist(),
        "mu_s": mu_s.tolist(),
        "sigma_s": sigma_s.flatten().tolist(),
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def read_pytorch_fid(file):
    from pytorch_fid.fid_score import compute_statistics_of_path

    return compute_statistics_of_path(str(file), None, 1, 2048, "cpu")


def read_torch_fidelity(file):
    from torch_fidelity.metric_fid import fid_features_to_statistics
    from torch_fidelity.utils import cache_lookup_one_recompute_on_miss

    options = {"cache": True, "cache_root": str(file.parent), "verbose": False}
    tensor = cache_lookup_one_recompute_on_miss(file.stem, None, **options)
    assert tensor.dtype == torch.float32 and torch.equal(tensor, torch.load(file, weights_only=True))
    statistics = fid_features_to_statistics(tensor)
    return statistics["mu"], statistics["sigma"]


def read_dgm_eval(file):
    saved = np.load(file)
    assert str(saved["model"]) == "inception"
    return moments(saved["reps"])


def read_adm(file):
    saved = np.load(file)
    return saved["mu"], saved["sigma"]


def read_stylegan(file, sources):
    if sources:
        sys.path.insert(0, str(sources / "stylegan3"))
        loader = importlib.import_module("metrics.metric_utils").FeatureStats
        mu, sigma0 = loader.load(str(file)).get_mean_cov()
    else:
        saved = types.SimpleNamespace(**pickle.loads(file.read_bytes()))
        assert saved.capture_mean_cov and not saved.capture_all
        mu = saved.raw_mean / saved.num_items
        sigma0 = saved.raw_cov / saved.num_items - np.outer(mu, mu)
    return mu, sigma0 * ROWS / (ROWS - 1)


def read_edm2(file, sources):
    if sources:
        code = (sources / "edm2" / "calculate_metrics.py").read_text()
        function = code[code.index("def load_stats") : code.index("# Save feature statistics")]
        open_url = lambda url, verbose: open(url, "rb")
        names = {"pickle": pickle, "np": np, "dnnlib": types.SimpleNamespace(util=types.SimpleNamespace(open_url=open_url))}
        exec(function, names)
        saved = names["load_stats"](str(file), verbose=False)
    else:
        saved = pickle.loads(file.read_bytes())
    assert saved["num_images"] == ROWS
    return saved["fid"]["mu"], saved["fid"]["sigma"]


def check(program, sources):
    rows = features()
    mu, sigma = moments(rows)
    readers = {
        "npz": (".npz", read_pytorch_fid),
        "adm": (".npz", read_adm),
        "features": (".npz", lambda file: moments(np.load(file)["features"])),
        "dgm-eval": (".npz", read_dgm_eval),
        "npy": (".npy", lambda file: moments(np.load(file))),
        "torch-fidelity": (".pt", read_torch_fidelity),
        "stylegan": (".pkl", lambda file: read_stylegan(file, sources)),
        "edm2": (".pkl", lambda file: read_edm2(file, sources)),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "rows.npy", rows)
        for format, (ending, read) in readers.items():
            file = folder / f"{format}{ending}"
            words = ["stats", "--images", str(folder / "rows.npy"), "--stats-format", format, "--out", str(file), "-q"]
            subprocess.run(shlex.split(program) + words, check=True, stdout=subprocess.DEVNULL)
            got_mu, got_sigma = read(file)
            distance = max(np.abs(got_mu - mu).max(), np.abs(got_sigma - sigma).max())
            print(f"{format:15} {distance:.1e}")
            # torch-fidelity's own mean is float32.
            assert distance < (1e-6 if format == "torch-fidelity" else 1e-12), format


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["fixtures", "check"])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--program", default="node dist/cli/main.js")
    parser.add_argument("--sources", type=Path)
    args = parser.parse_args()
    if args.what == "fixtures":
        write_fixtures(args.folder)
    else:
        check(args.program, args.sources)


if __name__ == "__main__":
    main()
