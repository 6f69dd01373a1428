# --select-features: chosen by importance, recorded, the same for any number of threads; --batch
python3 - >wide.csv <<'PYTHON'
import random
random.seed(2)
print("a,b,c,d,e,f,y")
for _ in range(1500):
    x = [random.uniform(-1, 1) for _ in range(6)]
    print(*x, 2 * x[4] + x[1] * abs(x[1]), sep=",")
PYTHON
for threads in 1 2; do
    symlut fit wide.csv -o run$threads --operators '+,-,*,abs' --select-features 2 --batch 500 --iterations 4 --threads $threads --quiet >out
done
cmp run1/front.csv run2/front.csv && echo the same front
python3 - <<'PYTHON'
import csv, json
options = json.load(open("run1/run.json"))["options"]
print(json.load(open("run1/summary.json"))["features"], options["select_features"], options["batch"])
print(sorted(options["importance"]), "sum 1:", abs(sum(options["importance"].values()) - 1) < 1e-9)
print("low loss:", min(float(row["loss"]) for row in csv.DictReader(open("run1/front.csv"))) < 0.01)
PYTHON
symlut predict run1 wide.csv -o p.csv 2>/dev/null && wc -l <p.csv
symlut fit wide.csv -o run1 --operators '+,-,*,abs' --select-features 2 --batch 768 --iterations 5 --quiet --resume 2>/dev/null || echo refused: $?
