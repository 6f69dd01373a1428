# stranger.sh NAME: examples/NAME.csv through fit, show, compile, verify and predict. Prints what
# does not vary from machine to machine: that each step came through, and how good the result is.
set -e
symlut fit "$EXAMPLES/$1.csv" -o run --evaluations 40000 --seed 1 --operators '+,-,*,/,sin,exp' \
    >fit.txt
grep -c '^>' fit.txt
symlut show run --json >show.json
symlut compile run -o fw --precision 'fixed<24,10,RND,SAT>' --data "$EXAMPLES/$1.csv" >compile.txt
tail -3 compile.txt
forms=c
[ "$1" != line ] || forms=c,verilog,vhdl,hls # every form once, by a relative path
symlut verify fw "$EXAMPLES/$1.csv" --vectors 2000 --forms "$forms" | tail -1
symlut predict run "$EXAMPLES/$1.csv" --json >float.json
symlut predict fw "$EXAMPLES/$1.csv" --json >fixed.json
python3 - "$1" <<'PYTHON'
import json
import sys

show, floating, fixed = (json.load(open(f"{name}.json")) for name in ("show", "float", "fixed"))
least = {"line": 0.99, "parabola": 0.5, "sine": 0.5, "step": 0.95, "constant": 1}[sys.argv[1]]
figure = "accuracy" if "accuracy" in fixed else "r2"
rows = [row for row in show["front"] if row["selected"]]
print(f"{show['summary']['task']}: {len(rows)} equation(s) selected")
print(f"{figure} of the float model at least {least}: {floating[figure] >= least}")
print(f"{figure} of the firmware within 0.02 of it: {abs(fixed[figure] - floating[figure]) <= 0.02}")
PYTHON
