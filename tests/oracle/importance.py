"""Importances of --select-features beside scikit-learn's random forest of the same shape."""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

NAMES = list("abcdefgh")
APART = 0.04


def data(kind: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3000, len(NAMES)))
    x[:, 7] = np.round(x[:, 7])  # few values
    if kind == "numbers":
        return x, 4 * x[:, 2] + 2 * np.sin(2 * x[:, 5]) + x[:, 7] ** 2 + 0.3 * rng.normal(size=3000)
    score = 3 * x[:, 1] + 2 * x[:, 4] * (x[:, 4] > 0) + x[:, 6]
    return x, np.digitize(score + 0.3 * rng.normal(size=3000), [-1.0, 1.5])


def ours(symlut: Path, kind: str, x: np.ndarray, y: np.ndarray, wanted: int) -> dict:
    with tempfile.TemporaryDirectory() as name:
        path, run = Path(name) / "d.csv", Path(name) / "run"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*NAMES, "y"])
            writer.writerows([*map(repr, map(float, row)), t] for row, t in zip(x, y))
        task = "regression" if kind == "numbers" else "classification"
        subprocess.run([symlut, "fit", path, "-o", run, "--task", task, "--split", "1,0,0",
                        "--select-features", str(wanted), "--evaluations", "1000", "--quiet",
                        "--islands", "1"], check=True, stdout=subprocess.DEVNULL)
        facts = json.loads((run / "run.json").read_text())["options"]["importance"]
        chosen = json.loads((run / "summary.json").read_text())["features"]
    return {"importance": np.array([facts[n] for n in NAMES]), "chosen": chosen}


def main() -> None:
    symlut = Path(sys.argv[1]) / "cli" / "symlut"
    wanted = 3
    for kind in ("numbers", "classes"):
        for seed in (1, 2, 3):
            x, y = data(kind, seed)
            found = ours(symlut, kind, x, y, wanted)
            forest = (RandomForestRegressor if kind == "numbers" else RandomForestClassifier)(
                n_estimators=100, max_depth=6, min_samples_split=4, random_state=seed,
                max_features=2)
            theirs = forest.fit(x, y).feature_importances_
            apart = float(np.abs(found["importance"] - theirs).max())
            best = sorted(np.argsort(-theirs)[:wanted])
            print(f"{kind} {seed}: largest difference {apart:.4f}, chosen {found['chosen']}")
            assert found["chosen"] == [NAMES[i] for i in best], (found, theirs)
            assert apart < APART, (found["importance"], theirs)
            # the same order, but for what lies closer than two forests do
            for i in best:
                for j in best:
                    assert theirs[i] - theirs[j] < 2 * APART or (
                        found["importance"][i] > found["importance"][j])


main()
