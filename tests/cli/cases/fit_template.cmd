# templates: laws of a given form are found exactly, the same for any number of threads and after a
# resume; what is written is an equation like any other
python3 - <<'PYTHON'
import math, random
random.seed(1)
def table(name, law, last=repr):
    with open(name, "w") as out:
        print("a,b,c,w,y", file=out)
        for _ in range(400):
            x = [random.uniform(-2, 2) for _ in range(3)]
            print(*map(repr, x), random.uniform(0.5, 2), last(law(*x)), sep=",", file=out)
table("sum.csv", lambda a, b, c: math.sin(a * b + 0.5) + (c + 1.5) ** 2)
table("odd.csv", lambda a, b, c: (a ** 3 + math.sin(a)) - (b ** 3 + math.sin(b)))
table("peak.csv", lambda a, b, c: math.exp(-(a * b) ** 2) + 2.75 * c)
table("pole.csv", lambda a, b, c: (a * c + 1) / b)
table("class.csv", lambda a, b, c: a * a + b, lambda y: "up" if y > 1 else "down")
PYTHON
fit() { symlut fit "$@" --iterations 12 --quiet >out; }
sum="sum.csv --template sin(f(a,b))+g(c)^2 --operators +,-,*"
fit $sum -o sum --threads 1
fit $sum -o sum4 --threads 4
fit odd.csv -o odd --template 'f(a) - f(b)' --operators '+,*,sin,third(x) = x^3' --weights w
fit peak.csv -o peak --template 'exp(-f(a*b)) + p*g(c)' --template-parameters p=1 --operators '+,*' --loss L1 --maxsize 8 --batch 256
fit pole.csv -o pole --template 'f(a, c)/b' --operators '+,*' # the form's own pole is no reason to refuse
fit class.csv -o class --template 'f(a, b) - p' --template-parameters p --operators '+,*' --loss logistic
cmp sum/front.csv sum4/front.csv && echo the same front
symlut fit sum.csv -o parts --template 'sin(f(a,b))+g(c)^2' --operators +,-,* --iterations 5 --quiet >out
symlut fit sum.csv -o parts --template 'sin(f(a,b))+g(c)^2' --operators +,-,* --iterations 12 --quiet --resume >out
cmp sum/front.csv parts/front.csv && echo the same front after a resume
if symlut fit sum.csv -o parts --template 'sin(f(a,b))+g(c)' --operators +,-,* --iterations 14 --quiet --resume 2>err; then exit 1; fi
grep -o 'was made with other data, other options' err
python3 - <<'PYTHON'
import csv, json, math, random, re

def worst(run, form):
    """Between the equation and the form with the inner texts, read as Python, over the front."""
    largest = 0
    for row in csv.DictReader(open(f"{run}/front.csv")):
        for _ in range(20):
            names = {**vars(math), **{name: random.uniform(-2, 2) for name in "abc"}}
            for part in row["inner"].replace("^", "**").split("; "):
                head, body = part.split(" = ")
                call = re.fullmatch(r"(\w+)\((.*)\)", head)
                names[call[1] if call else head] = eval(f"lambda {call[2]}: {body}" if call else body, names)
            found = eval(row["equation"].replace("^", "**"), names)
            largest = max(largest, abs(found - eval(form, names)) / (1 + abs(found)))
    return largest

random.seed(2)
for run, form, least in (("sum", "sin(f(a, b)) + g(c)**2", 1e-12), ("odd", "f(a) - f(b)", 1e-12),
                         ("pole", "f(a, c)/b", 1e-12), ("peak", "exp(-f(a*b)) + p*g(c)", 1e-5)):
    row = next(row for row in csv.DictReader(open(f"{run}/front.csv")) if float(row["loss"]) < least)
    print(f"{run}: complexity {row['complexity']} has a loss below {least}, "
          f"equation and parts agree: {worst(run, form) < 1e-12}")
    print(re.findall(r"(\w+(?:\([^)]*\))?) = ", row["inner"]))
    rows = json.load(open(f"{run}/model/model.json"))["outputs"][0]["front"]
    print(row["inner"] in [r["inner"] for r in rows])
options = json.load(open("peak/run.json"))["options"]
print(options["template"], options["template_parameters"])
print(json.load(open("class/summary.json"))["metrics"]["test"]["accuracy"] > 0.9)
PYTHON
symlut show sum | grep -q 'f(a, b) = .*; g(c) = ' && echo shown
symlut predict sum sum.csv --json | python3 -c "import json, sys; print(json.load(sys.stdin)['r2'] > 0.999)"
symlut compile sum -o fw --precision 'fixed<24,10>' --data sum.csv >out
symlut verify fw sum.csv --vectors 500 --forms c | tail -1
