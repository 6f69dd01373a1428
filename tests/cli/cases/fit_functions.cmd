# functions of the user: searched, printed as what they stand for, compiled; read in files of equations
python3 - >bell.csv <<'PYTHON'
import math, random
random.seed(1)
print("a,b,y")
for _ in range(300):
    a, b = random.uniform(-2, 2), random.uniform(-2, 2)
    print(a, b, 1.5 * math.exp(-(a - 0.3) ** 2) / (1 + b * b) + 0.2, sep=",")
PYTHON
list='+,-,*,bell(x) = exp(-x^2), h(x, y) = x/(1 + y^2), fma(p,q,r) = p*q + r'
for threads in 1 2; do
    symlut fit bell.csv -o run$threads --operators "$list" --evaluations 40000 --threads $threads --quiet >out$threads
done
cmp run1/front.csv run2/front.csv && echo the same front
symlut fit bell.csv -o run3 --operators "$list" --evaluations 20000 --quiet >out3
symlut fit bell.csv -o run3 --operators "$list" --evaluations 40000 --quiet --resume >out3
cmp run1/front.csv run3/front.csv && echo the same front after a resume
python3 - <<'PYTHON'
import csv
import json
rows = list(csv.DictReader(open("run1/front.csv")))
print("lowest loss below 1e-3:", float(rows[-1]["loss"]) < 1e-3)
print("no function is left:", not any(word in row["equation"] for row in rows for word in ("bell", "h(", "fma")))
print(json.load(open("run1/run.json"))["options"]["operators"])
PYTHON
symlut compile run1 -o fw --precision 'fixed<24,10>' --data bell.csv >out
symlut verify fw bell.csv --vectors 2000 --forms c | tail -1
cat >equations.txt <<'TEXT'
# what the equations call
bell(x) = exp(-x^2)
h(x, y) = bell(x)/(1 + y^2)
z = 2*h(a, b + 1) + bell(a)
TEXT
for style in infix latex sympy c numpy; do symlut show equations.txt --style $style; done
symlut fit bell.csv -o run4 --operators "$list" --complexity 'h=3' --nested 'bell: bell 0' --loss 'bell(y - p)*(-1) + 1' \
    --evaluations 3000 --quiet >out4
