#!/usr/bin/env python3
"""Compiles small models and compares every emitted file with the one kept here.

    firmware_golden.py [--rewrite] SYMLUT CASE ...

CASE is a folder with model.txt (equations), options (arguments of `symlut compile`, one a line) and
expected/, the firmware folder but for the test vectors, which verification reads. --rewrite
replaces expected/ by what is emitted now: read the diff."""
import difflib
import pathlib
import shutil
import subprocess
import sys
import tempfile


def emit(symlut, case, folder):
    options = (case / "options").read_text(encoding="utf-8").splitlines()
    done = subprocess.run([symlut, "compile", "model.txt", "-o", folder, "--quiet", *options],
                          cwd=case, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=120)
    if done.returncode:
        print(f"{case.name}: exit code {done.returncode}\n{done.stderr}", end="")
    return done.returncode == 0


def normalised(path, folder):
    """Text of a file; the output folder's name is in the command line that the manifest keeps."""
    return path.read_text(encoding="utf-8").replace(str(folder), "FW").splitlines()


def files(folder):
    return {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*"))
            if p.is_file() and p.suffix != ".hex"}


def differences(seen, wanted, folder):
    for name in sorted(seen.keys() | wanted.keys()):
        if name not in wanted or name not in seen:
            yield f"{name}: {'not expected' if name in seen else 'missing'}"
            continue
        yield from difflib.unified_diff(normalised(wanted[name], folder),
                                        normalised(seen[name], folder), f"expected {name}",
                                        f"emitted {name}", lineterm="")


def rewrite(case, seen, folder):
    shutil.rmtree(case / "expected", ignore_errors=True)
    for name, path in seen.items():
        target = case / "expected" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(normalised(path, folder)) + "\n", encoding="utf-8")


def run(symlut, case, rewriting):
    with tempfile.TemporaryDirectory(prefix="symlut-golden-") as name:
        folder = pathlib.Path(name) / "fw"
        if not emit(symlut, case, folder):
            return False
        if rewriting:
            rewrite(case, files(folder), folder)
        found = list(differences(files(folder), files(case / "expected"), folder))
        print("\n".join(found[:200]) if found else f"ok {case.name}")
        return not found


def main():
    arguments = sys.argv[1:]
    rewriting = arguments[:1] == ["--rewrite"]
    symlut, *cases = [pathlib.Path(a).resolve() for a in arguments[rewriting:]]
    results = [run(symlut, case, rewriting) for case in cases]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
