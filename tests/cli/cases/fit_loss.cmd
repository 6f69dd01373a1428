# a loss as text that uses the rows' weights: each front's losses are those of its equations
python3 - >d.csv <<'PYTHON'
import math, random
random.seed(4)
print("a,b,weight,y")
for _ in range(300):
    a, b = random.uniform(-2, 2), random.uniform(1, 3)
    print(a, b, random.uniform(0, 3), a * b + math.sin(b) + random.gauss(0, 0.2), sep=",")
PYTHON
fit() { symlut fit d.csv --weights weight --operators '+,-,*,sin' --no-laws --iterations 2 --maxsize 9 --split 1,0,0 --quiet "$@" >out; }
fit -o squares --loss '(y - p)^2*w'
fit -o roots --loss 'min(abs(y - p), 0.5)*sqrt(w)' --threads 1
fit -o again --loss 'min(abs(y - p), 0.5)*sqrt(w)' --threads 2
cmp roots/front.csv again/front.csv && echo the same front
fit -o alone --loss 'min(abs(y - p), 0.5)*sqrt(w)' --constant-restarts 0
cmp -s roots/front.csv alone/front.csv || echo restarts make another search
fit -o roots --loss 'min(abs(y - p), 0.5)*sqrt(w)' --constant-restarts 0 --iterations 3 --resume || echo refused: $?
fit -o early --iterations 9 --stop-loss 1 --stop-complexity 3
fit -o late --iterations 9 --stop-loss 0.05 --stop-complexity 3
for run in early late; do python3 -c "import json, sys; r = json.load(open(sys.argv[1] + '/run.json')); print(r['stopped_by'], r['epochs'], r['options']['stop_complexity'])" $run; done
awk -F, 'FNR > 1 && $3 < 0.05 { print "a row of the late run is below, at complexity", ($2 > 3 ? "4 or more" : "3 or less"); exit }' late/front.csv
python3 - <<'PYTHON'
import csv, math
rows = [{k: float(v) for k, v in r.items()} for r in csv.DictReader(open("d.csv"))]
def front(run, loss):
    worst, count = 0, 0
    for row in csv.DictReader(open(run + "/front.csv")):
        equation = row["equation"].replace("^", "**")
        total = sum(loss(r["y"], eval(equation, {"sin": math.sin}, r), r["weight"]) for r in rows)
        mean = total / sum(r["weight"] for r in rows)
        worst, count = max(worst, abs(mean / float(row["loss"]) - 1)), count + 1
    print(run, "rows:", count > 2, "losses agree:", worst < 1e-12)
front("squares", lambda y, p, w: (y - p) ** 2 * w)
front("roots", lambda y, p, w: min(abs(y - p), 0.5) * math.sqrt(w))
PYTHON
