#!/usr/bin/env python3
"""cast_value against the real ap_fixed of the ap_types headers that the hls4ml wheel carries: the
casts of cast_samples, formats by formats, each pair compiled as its own types."""
import importlib.util
import pathlib
import subprocess
import sys
import tempfile


def headers(name):
    """The folder with the header `name` inside the installed hls4ml, found without importing it."""
    spec = importlib.util.find_spec("hls4ml")
    if spec is None:
        sys.exit("hls4ml is not installed: its wheel carries the ap_types headers")
    root = pathlib.Path(spec.submodule_search_locations[0])
    found = sorted(root.rglob(name))
    if not found:
        sys.exit(f"no {name} below {root}")
    return found[0].parent


def ap_types():
    return headers("ap_types/ap_fixed.h")


def ap_type(is_signed, width, frac, modes=""):
    return f"ap_{'' if is_signed == '1' else 'u'}fixed<{width}, {int(width) - int(frac)}{modes}>"


def program(cases):
    """One function per pair of types and modes; bits go in and come out through range()."""
    lines = ["#include <ap_fixed.h>", "#include <cstdio>",
             "template <class A, class B> static void cast(int w, bool s) {",
             "  long n; if (std::scanf(\"%ld\", &n) != 1) return;",
             "  for (long i = 0; i < n; i++) { long long v; if (std::scanf(\"%lld\", &v) != 1) return;",
             "    A a; a.range() = (ap_int<64>)v; B b = a;",
             "    unsigned long long u = b.range().to_uint64() << (64 - w);",
             "    long long r = s ? (long long)u >> (64 - w) : (long long)(u >> (64 - w));",
             "    std::printf(\"%lld\\n\", r); } }", "int main() {"]
    for (fs, fw, ff, ts, tw, tf, rounding, overflow) in cases:
        target = ap_type(ts, tw, tf, f", AP_{rounding}, AP_{overflow}")
        lines.append(f"  cast<{ap_type(fs, fw, ff)}, {target}>({tw}, {'true' if ts == '1' else 'false'});")
    return "\n".join(lines + ["  return 0;", "}", ""])


def main():
    build = pathlib.Path(sys.argv[1])
    samples = subprocess.run([build / "tests/oracle/cast_samples", "14", "400"], check=True,
                             capture_output=True, text=True).stdout.splitlines()
    cases = {}
    for line in samples:
        fields = line.split()
        cases.setdefault(tuple(fields[:8]), []).append((fields[8], fields[9]))
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "casts.cpp"
        source.write_text(program(cases), encoding="ascii")
        subprocess.run(["g++", "-std=c++14", "-O1", "-w", "-DNDEBUG", f"-I{ap_types()}", source, "-o",
                        source.with_suffix("")], check=True)
        stdin = "\n".join(f"{len(rows)}\n" + "\n".join(value for value, _ in rows)
                          for rows in cases.values())
        results = subprocess.run([source.with_suffix("")], input=stdin, check=True,
                                 capture_output=True, text=True).stdout.split()
    wanted = [(case, value, result) for case, rows in cases.items() for value, result in rows]
    if len(results) != len(wanted):
        sys.exit(f"{len(results)} results of {len(wanted)}")
    for (case, value, result), found in zip(wanted, results):
        if result != found:
            sys.exit(f"{value} by {' '.join(case)}: cast_value has {result}, ap_fixed {found}")
    print(f"{len(wanted)} casts of {len(cases)} pairs of types equal ap_fixed's")


if __name__ == "__main__":
    main()
