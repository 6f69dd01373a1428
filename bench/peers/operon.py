"""One run of pyoperon 0.4.0, in its own virtual environment; JSON on stdout.

operon.py TRAIN.csv TEST.csv '{"symbols": "add,…", "length": 30, "iterations": 0, "threads": 2,
"seed": 1, "evaluations": 100000, "seconds": 0}' (0: no limit). CSV with a header, target last."""

import json
import sys
import time

import numpy as np
from pyoperon.sklearn import SymbolicRegressor

UNLIMITED = 2**31 - 1


def main(train: str, test: str, options: dict) -> None:
    train_data, test_data = (np.loadtxt(path, delimiter=",", skiprows=1) for path in (train, test))
    model = SymbolicRegressor(
        allowed_symbols=options["symbols"],
        max_length=options["length"],
        population_size=1000,
        optimizer="lm",
        optimizer_iterations=options["iterations"],
        generations=UNLIMITED,
        epsilon=1e-9,  # its default, 1e-5, would end a run at NMSE 1e-5
        max_evaluations=options["evaluations"] or UNLIMITED,
        time_limit=options["seconds"] or None,
        n_threads=options["threads"],
        random_state=options["seed"],
    )
    start, cpu = time.perf_counter(), time.process_time()
    model.fit(train_data[:, :-1], train_data[:, -1])
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    y, prediction = test_data[:, -1], model.predict(test_data[:, :-1])
    finite = bool(np.isfinite(prediction).all())
    error = np.sum((y - prediction) ** 2) / np.sum((y - y.mean()) ** 2) if finite else np.inf
    answer = {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "candidates": int(model.stats_["evaluation_count"]),
        "residual_evaluations": int(model.stats_["residual_evaluations"]),
        "r2": float(1 - error) if finite else None,
        "size": int(model.model_.Length),  # a variable with its weight is one node
        "equation": model.get_model_string(model.model_, 12),
    }
    print(json.dumps(answer))


main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
