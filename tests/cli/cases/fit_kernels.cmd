# kernels by name: repeated to the byte, recorded, part of the checkpoint; losses are the equations' own
python3 - >wave.csv <<'PYTHON'
import math, random
random.seed(8)
print("a,b,w,y")
for _ in range(500):
    a, b = random.uniform(-2, 2), random.uniform(1, 3)
    print(a, b, random.uniform(0.5, 2), math.sin(2 * a) * b + a * a / b + random.gauss(0, 0.01), sep=",")
PYTHON
fit() { symlut fit wave.csv --weights w --operators '+,-,*,/,sin' --iterations ${rounds:-4} --split 1,0,0 --quiet "$@"; }
fit -o portable --kernels portable --threads 1 >out
fit -o again --kernels portable --threads 2 >out
cmp portable/front.csv again/front.csv && echo the same front of the same kernels
fit -o best >out
# where the processor has no AVX2, the portable ones are the fastest
fit -o avx2 --kernels avx2 >out 2>refused || { grep -q 'cannot run the kernels' refused && cp -r best avx2; }
python3 - <<'PYTHON'
import csv, json, math
names = {run: json.load(open(run + "/run.json"))["kernels"] for run in ("portable", "best", "avx2")}
print(names["portable"], names["best"] in ("portable", "avx2", "avx512"), names["avx2"] in ("avx2", names["best"]))
data = list(csv.DictReader(open("wave.csv")))
def loss(equation):
    code = compile(equation.replace("^", "**"), equation, "eval")
    rows = [{k: float(v) for k, v in row.items()} for row in data]
    return sum(r["w"] * (eval(code, {"sin": math.sin, "square": lambda x: x * x}, r) - r["y"]) ** 2
               for r in rows) / sum(r["w"] for r in rows)
for run in names:
    rows = list(csv.DictReader(open(run + "/front.csv")))
    far = [r for r in rows if abs(loss(r["equation"]) - float(r["loss"])) > 1e-4 * float(r["loss"]) + 1e-7]
    print(run, "losses as computed in double:", len(rows) > 5 and not far, *far[:2])
PYTHON
cmp best/front.csv avx2/front.csv && echo AVX2 and the fastest agree
# only limits and threads may change with --resume
rounds=6
fit -o again --kernels portable --resume >out && echo resumed
other=$(python3 -c "import json; print('portable' if json.load(open('best/run.json'))['kernels'] != 'portable' else 'avx2')")
fit -o best --kernels $other --resume 2>&1 | grep -c -e 'was made with other' -e 'cannot run'
fit -o again --kernels portable --resume --max-constant 8 2>&1 | grep -c 'was made with other'
fit -o again --kernels portable --resume --constant-iterations 3 2>&1 | grep -c 'was made with other'
weighted() { symlut fit wave.csv -o weighted --features a --operators '+,-,*' --iterations $1 --quiet --weights $2 $3; }
weighted 1 w >out
weighted 2 b --resume 2>&1 | grep -c 'was made with other'
weighted 2 w --resume >out && echo resumed
