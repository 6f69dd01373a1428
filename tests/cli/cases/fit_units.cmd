# units: a law of dimensionless groups is found at once, the same for any number of threads and after
# a resume; every row of the front agrees with them
python3 - >fall.csv <<'PYTHON'
import math, random
random.seed(3)
print("v,g,h,angle,reach")
for _ in range(300):
    v, g, h, angle = (random.uniform(a, b) for a, b in ((5, 20), (1, 10), (1, 30), (0.2, 1.4)))
    print(*map(repr, (v, g, h, angle, (h + v * v / g) * math.sin(angle))), sep=",")
PYTHON
printf 'name,unit\nv,m/s\ng,m s-2\nh,cm\nangle,rad\nreach,km\nunused,A\n' >units.csv
for threads in 1 2; do
    symlut fit fall.csv -o run$threads --units units.csv --evaluations 60000 --threads $threads --quiet >out$threads
done
cmp run1/front.csv run2/front.csv && echo the same front
symlut fit fall.csv -o run3 --evaluations 30000 --quiet >out3 \
    --units 'v: m/s, g: m/s^2, h: mm, angle: 1, reach: m'
symlut fit fall.csv -o run3 --evaluations 60000 --quiet --resume >out3 --units units.csv
cmp run1/front.csv run3/front.csv && echo the same front after a resume
if symlut fit fall.csv -o run3 --evaluations 90000 --quiet --resume 2>err; then exit 1; fi
grep -o 'was made with other data, other options' err
python3 - <<'PYTHON'
import csv
import json
rows = list(csv.DictReader(open("run1/front.csv")))
print("lowest loss below 1e-6:", float(rows[-1]["loss"]) < 1e-6)
options = json.load(open("run1/run.json"))["options"]
print(options["units"], options["unit_penalty"], options["dimensionless_constants"])
PYTHON
symlut predict run1 fall.csv --json | python3 -c "import json, sys; print(json.load(sys.stdin)['r2'] > 0.99)"
# units follow the features that are chosen; those of the others are read and left
python3 - >wide.csv <<'PYTHON'
import random
random.seed(4)
print("a,v,b,t,y")
for _ in range(300):
    a, v, b, t = (random.uniform(1, 3) for _ in range(4))
    print(*map(repr, (a, v, b, t, v * t + 0.5 * v * v * t * t)), sep=",")
PYTHON
list='a: A, v: m/s, b: kg, t: s, y: m'
for threads in 1 2; do
    symlut fit wide.csv -o wide$threads --units "$list" --select-features 2 --operators '+,*' --no-laws --evaluations 20000 \
        --threads $threads --quiet >out
done
symlut fit wide.csv -o wide3 --units "$list" --select-features 2 --operators '+,*' --no-laws --evaluations 10000 --quiet >out
symlut fit wide.csv -o wide3 --units "$list" --select-features 2 --operators '+,*' --no-laws --evaluations 20000 --quiet --resume >out
cmp wide1/front.csv wide2/front.csv && cmp wide1/front.csv wide3/front.csv && echo the same fronts
python3 - <<'PYTHON'
import csv
import re
rows = list(csv.DictReader(open("wide1/front.csv")))
print("only the chosen ones:", {name for row in rows for name in re.findall("[a-z]", row["equation"])} == {"v", "t"})
print("lowest loss below 1e-9:", float(rows[-1]["loss"]) < 1e-9)
PYTHON
if symlut fit wide.csv -o wide4 --units 'a: A, v: m/s, b: kg, y: m' --select-features 2 --quiet 2>err; then exit 1; fi
cat err
if symlut fit wide.csv -o wide4 --units "$list, c: s" --select-features 2 --quiet 2>err; then exit 1; fi
cat err
