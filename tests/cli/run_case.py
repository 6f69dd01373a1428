#!/usr/bin/env python3
"""Runs command-line cases and compares what they print with what is expected.

    run_case.py [--rewrite] SYMLUT CASE.cmd ...

NAME.cmd is a shell script, run in a fresh empty folder with `symlut` on the PATH, $EXAMPLES the
folder of examples and $CASES the folder of the case. Beside it NAME.out and NAME.err hold what must
appear on stdout and stderr (no file: nothing), NAME.exit the exit code (no file: 0), and NAME.filter,
where numbers vary from machine to machine, one `PATTERN => REPLACEMENT` a line: Python regular
expressions, applied to both streams. A case that lacks a program prints which and exits with code 77: it is
skipped, which the test's runner shows. --rewrite writes the expectations from what is seen: read the
diff."""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77  # as meson and automake take it
ROOT = pathlib.Path(__file__).resolve().parents[2]


def filters(case):
    path = case.with_suffix(".filter")
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" =>", 1) for line in lines if line and not line.startswith("#")]
    return [(pattern, replacement.strip()) for pattern, replacement in pairs]


def run(symlut, case):
    """(exit code, stdout, stderr) of one case, filtered."""
    with tempfile.TemporaryDirectory(prefix="symlut-cli-") as folder:
        environment = {"PATH": f"{symlut.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": folder,
                       "LC_ALL": "C.UTF-8", "EXAMPLES": str(ROOT / "examples"),
                       "CASES": str(case.parent)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"):
            if name in os.environ:
                environment[name] = os.environ[name]
        done = subprocess.run(["sh", "-e", str(case)], cwd=folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
        streams = []
        for data in (done.stdout, done.stderr):
            text = data.decode("utf-8", "replace").replace(folder, "HERE")
            text = text.replace(str(ROOT), "ROOT")
            for pattern, replacement in filters(case):
                text = re.sub(pattern, replacement, text, flags=re.M)
            streams.append(text)
        return done.returncode, streams[0], streams[1]


def expected(case):
    texts = []
    for suffix in (".exit", ".out", ".err"):
        path = case.with_suffix(suffix)
        texts.append(path.read_text(encoding="utf-8") if path.exists() else "")
    return int(texts[0] or 0), texts[1], texts[2]


def rewrite(case, seen):
    for suffix, text in ((".exit", f"{seen[0]}\n" if seen[0] else ""), (".out", seen[1]),
                         (".err", seen[2])):
        path = case.with_suffix(suffix)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def differences(case, seen):
    wanted = expected(case)
    if seen[0] != wanted[0]:
        yield f"exit code {seen[0]}, expected {wanted[0]}"
    for name, got, want in (("stdout", seen[1], wanted[1]), ("stderr", seen[2], wanted[2])):
        yield from difflib.unified_diff(want.splitlines(), got.splitlines(), f"expected {name}",
                                        f"{name} of {case.name}", lineterm="")


def main():
    arguments = sys.argv[1:]
    rewriting = arguments[:1] == ["--rewrite"]
    symlut, *cases = [pathlib.Path(a).resolve() for a in arguments[rewriting:]]
    failed = skipped = 0
    for case in cases:
        seen = run(symlut, case)
        if seen[0] == SKIPPED:
            print(f"SKIPPED {case.stem}: {seen[1].strip()}")
            skipped += 1
            continue
        if rewriting:
            rewrite(case, seen)
        found = list(differences(case, seen))
        print("\n".join(found) if found else f"ok {case.stem}")
        failed += bool(found)
    if failed or not cases:
        return 1
    return SKIPPED if skipped == len(cases) else 0


if __name__ == "__main__":
    sys.exit(main())
