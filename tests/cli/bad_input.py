#!/usr/bin/env python3
"""Runs the table of bad inputs: each must be refused with its message and leave nothing behind.

    bad_input.py [--rewrite] SYMLUT TABLE.tsv

Columns of the table, separated by tabs, with \\n, \\t, \\xNN and \\\\ written out:

    name      of the case
    files     NAME=CONTENT, several separated by " ;; "
    command   a shell command, run in a fresh folder that holds the files
    message   what stderr must be, whole, "|" standing for the ends of its lines

Exit code 2, nothing on stdout, and the folder as it was before are demanded of each.
--rewrite fills the message column from what is seen: read the diff."""
import os
import pathlib
import subprocess
import sys
import tempfile

LEAST_ROWS = 60


def unescape(text):
    return text.encode("utf-8").decode("unicode_escape").encode("latin-1")


def snapshot(folder):
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None
            for p in sorted(folder.rglob("*"))}


def run(symlut, files, command):
    """(exit code, stdout, message as the table writes it, names that appeared or changed)"""
    with tempfile.TemporaryDirectory(prefix="symlut-bad-") as name:
        folder = pathlib.Path(name)
        for item in filter(None, files.split(" ;; ")):
            path, content = item.split("=", 1)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(unescape(content))
        before = snapshot(folder)
        environment = dict(os.environ, PATH=f"{symlut.parent}:{os.environ['PATH']}",
                           LC_ALL="C.UTF-8")
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        after = snapshot(folder)
        message = done.stderr.decode("utf-8", "replace").replace(name, "HERE")
        changed = [p for p in sorted(before.keys() | after.keys())
                   if before.get(p, 0) != after.get(p, 0)]
        return (done.returncode, done.stdout.decode("utf-8", "replace"),
                message.rstrip("\n").replace("\t", "\\t").replace("\n", "|"), changed)


def main():
    arguments = sys.argv[1:]
    rewriting = arguments[:1] == ["--rewrite"]
    symlut = pathlib.Path(arguments[rewriting]).resolve()
    table = pathlib.Path(arguments[rewriting + 1])
    lines, failed, rows = [], 0, 0
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            lines.append(line)
            continue
        name, files, command, *rest = line.split("\t")
        wanted = rest[0] if rest else ""
        code, stdout, message, changed = run(symlut, files, command)
        problems = []
        if code != 2:
            problems.append(f"exit code {code}, expected 2")
        if stdout:
            problems.append(f"stdout holds {stdout!r}")
        if changed:
            problems.append(f"left behind or changed: {', '.join(changed)}")
        if not rewriting and message != wanted:
            problems.append(f"message\n    {message}\n  expected\n    {wanted}")
        for problem in problems:
            print(f"FAIL {name}: {problem}")
        failed += bool(problems)
        rows += 1
        lines.append("\t".join((name, files, command, message)))
    if rewriting:
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{rows - failed} of {rows} bad inputs refused as they should be")
    return 1 if failed or rows < LEAST_ROWS else 0


if __name__ == "__main__":
    sys.exit(main())
