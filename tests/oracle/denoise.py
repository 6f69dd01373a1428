"""Targets smoothed by --denoise beside scikit-learn's Gaussian process of the same kernel and
hyperparameters, and these beside the ones that scikit-learn's own optimizer finds."""

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

APART = 1e-6  # of the target's deviation: the matrices' condition is at most about 1e9
LIKELIHOOD_APART = 1e-6
GAIN = 0.01  # log likelihood per row that the optimizer may find beyond


def compare(program: Path, seed: int, rows: int, features: int, noise: float) -> None:
    lines = subprocess.run([program, *map(str, (seed, rows, features, noise))], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    used, length, sigma, signal, mean, likelihood = map(float, lines[0].split())
    table = np.array([[float(word) for word in line.split()] for line in lines[1:]])
    x, y, smooth = table[:, :features], table[:, -2], table[:, -1]
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    n = int(used)
    kernel = (ConstantKernel(signal**2, (1e-9, 1e12)) * RBF(length, (1e-3, 1e4))
              + WhiteKernel(sigma**2, (1e-12, 1e12)))
    process = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(x[:n], y[:n] - mean)
    apart = np.abs(process.predict(x) + mean - smooth).max() / y.std()
    theirs = process.log_marginal_likelihood_value_
    few = min(n, 300)  # what the length and the noise were chosen on
    here = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(x[:few], y[:few] - mean)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        free = GaussianProcessRegressor(kernel, alpha=0, n_restarts_optimizer=2,
                                        random_state=seed).fit(x[:few], y[:few] - mean)
    gain = (free.log_marginal_likelihood_value_ - here.log_marginal_likelihood_value_) / few
    print(f"{rows} rows, {features} features, noise {noise}: apart {apart:.2g}, log likelihood "
          f"{likelihood:.8g} and {theirs:.8g}, their optimizer gains {gain:.2g} a row")
    assert apart < APART
    assert abs(likelihood - theirs) < LIKELIHOOD_APART * rows
    assert gain < GAIN


def main() -> None:
    program = Path(sys.argv[1]) / "tests" / "oracle" / "denoise_samples"
    for seed, rows, features, noise in ((1, 60, 1, 0.5), (2, 300, 2, 1), (3, 900, 2, 0.1),
                                        (4, 1500, 3, 2), (5, 250, 4, 5)):
        compare(program, seed, rows, features, noise)


main()
