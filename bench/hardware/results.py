"""Where the benchmarks of the hardware write their tables: bench/results."""
import csv
import os

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "results")


def write_rows(name, rows):
    """bench/results/NAME, a column for each key of the first row"""
    with open(os.path.join(RESULTS, name), "w", newline="") as f:
        writer = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
