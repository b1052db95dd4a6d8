"""Seconds that `scipy.linalg.sqrtm` takes for the product of two covariance matrices, and the trace it gives.

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE python sqrtm.py --first a.f64 --second b.f64 --dimensions 2048

The files hold raw little-endian float64, row-major. Both environment variables pin OpenBLAS to slower kernels on
some machines, so a fair timing runs without them; `blas` in the output says which kernels were used. scipy 1.18
removed `disp`, and without it sqrtm does the same work.
"""

import argparse
import os
import time

import numpy as np
import scipy
import scipy.linalg
from threadpoolctl import threadpool_info

from peer_report import print_report


def read_matrix(path, dimensions):
    return np.fromfile(path, dtype="<f8").reshape(dimensions, dimensions)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", required=True)
    parser.add_argument("--second", required=True)
    parser.add_argument("--dimensions", type=int, required=True)
    args = parser.parse_args()
    product = read_matrix(args.first, args.dimensions).dot(read_matrix(args.second, args.dimensions))
    start = time.perf_counter()
    root = scipy.linalg.sqrtm(product)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    eigenvalues = np.linalg.eigvals(product)
    eigenvalue_seconds = time.perf_counter() - start
    print_report(
        {
            "dimensions": args.dimensions,
            "sqrtm": {"seconds": seconds, "trace": float(np.trace(root).real)},
            # torch-fidelity's way to the same trace
            "eigvals": {
                "seconds": eigenvalue_seconds,
                "trace": float(np.sqrt(eigenvalues.astype("complex128")).real.sum()),
            },
            "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
            "environment": {k: v for k, v in os.environ.items() if k.startswith(("OPENBLAS_", "OMP_", "MKL_"))},
            "blas": [
                {k: library.get(k) for k in ("internal_api", "version", "architecture", "num_threads")}
                for library in threadpool_info()
            ],
        }
    )


if __name__ == "__main__":
    main()
