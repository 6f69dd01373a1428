# --denoise: losses of the front are those of the data's own target; the same for any number of threads and
# after a resume
python3 - >d.csv <<'PYTHON'
import math, random
random.seed(5)
print("a,b,y")
for _ in range(120):
    a, b = (random.uniform(-2, 2) for _ in range(2))
    print(a, b, math.sin(2 * a) + b * b / 2 + random.gauss(0, 0.3), sep=",")
PYTHON
fit() { symlut fit d.csv --denoise --operators '+,-,*,sin' --split 1,0,0 --maxsize 16 --islands 2 --quiet "$@" 2>&1 >out; }
fit -o one --iterations 2 --threads 1
fit -o two --iterations 2 --threads 2
fit -o halves --iterations 1
fit -o halves --iterations 2 --resume
cmp one/front.csv two/front.csv && cmp one/front.csv halves/front.csv && echo the same fronts
symlut fit d.csv --operators '+,-,*,sin' --split 1,0,0 --maxsize 16 --islands 2 --quiet -o two --iterations 3 --resume 2>&1 >out || echo refused: $?
python3 - <<'PYTHON'
import csv, json, math
rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(open("d.csv"))]
front = list(csv.DictReader(open("one/front.csv")))
def loss(equation):
    code = equation.replace("^", "**")
    return sum((eval(code, {"sin": math.sin, **r}) - r["y"]) ** 2 for r in rows) / len(rows)
apart = max(abs(loss(r["equation"]) / float(r["loss"]) - 1) for r in front)
print("losses of the target:", len(front) > 3, apart < 1e-5)
facts = json.load(open("one/run.json"))["options"]
print(facts["denoise"], facts["smoothing"]["rows"], abs(facts["smoothing"]["noise"] / 0.3 - 1) < 0.25)
last = json.loads(open("one/log.jsonl").read().splitlines()[-1])["loss"][0]
print("the search saw less noise:", last < 0.6 * min(float(r["loss"]) for r in front))
PYTHON
# a target of one value is left as it is
{ echo a,y; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo $i,4; done; } >flat.csv
symlut fit flat.csv --denoise -o flat --task regression --iterations 1 --quiet >out && cat flat/front.csv
