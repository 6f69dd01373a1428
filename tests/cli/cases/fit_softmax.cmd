# all classes at once: functions of the user, guesses, templates and units; the loss of every row is that of
# the equations that stand there; the same for any number of threads and after a resume
python3 - >d.csv <<'PYTHON'
import math, random
random.seed(6)
print("a,b,c,kind")
for _ in range(700):
    a, b, c = (random.uniform(0.2, 2.2) for _ in range(3))
    scores = {"u": 8 * math.sin(9.3 * a + 1.1), "v": 9 * math.exp(-(b * b)) - 2, "w": 2.0}
    scores = {k: s - math.log(-math.log(random.random())) for k, s in scores.items()}
    print(a, b, c, max(scores, key=scores.get), sep=",")
PYTHON
fit() { symlut fit d.csv --loss softmax --split 1,0,0 --scale none --maxsize 12 --islands 3 --population 30 --quiet "$@" >out; }
cat >check.py <<'PYTHON'
import ast, csv, math, re, sys

rows = [{k: v if k == "kind" else float(v) for k, v in row.items()} for row in csv.DictReader(open("d.csv"))]

def forests(run):
    """Complexity to (loss, equations by class)."""
    found = {}
    for row in csv.DictReader(open(f"{run}/front.csv")):
        found.setdefault(int(row["complexity"]), (float(row["loss"]), {}))[1][row["output"]] = row
    return found

def loss(equations, data=rows):
    names = {"exp": math.exp, "sin": math.sin}
    code = {k: compile(e.replace("^", "**"), e, "eval") for k, e in equations.items()}
    total = 0
    for row in data:
        scores = {k: eval(c, names, row) for k, c in code.items()}
        total += math.log(sum(map(math.exp, scores.values()))) - scores[row["kind"]]
    return total / len(data)

def check(run):
    worst = 0
    for known, classes in forests(run).values():
        worst = max(worst, abs(loss({k: r["equation"] for k, r in classes.items()}) - known))
    print(f"{run}: losses of the equations that stand there:", len(forests(run)) > 2, worst < 1e-4)

def chain(node, kinds):
    """Operands of a product or a sum, however they are grouped."""
    if isinstance(node, ast.UnaryOp):
        return chain(node.operand, kinds)
    if isinstance(node, ast.BinOp) and isinstance(node.op, kinds):
        return chain(node.left, kinds) + chain(node.right, kinds)
    return [node]

def untidy(equation):
    """Products and sums with several numbers, and factors before a number."""
    count = 0
    for node in ast.walk(ast.parse(equation.replace("^", "**"), mode="eval")):
        for kinds in (ast.Mult, ast.Div), (ast.Add, ast.Sub):
            if isinstance(node, ast.BinOp) and isinstance(node.op, kinds):
                numbers = [isinstance(part, ast.Constant) for part in chain(node, kinds)]
                count += sum(numbers) > 1 or (ast.Mult in kinds and any(numbers[1:]))
    return count

def written(run):
    all = [row["equation"] for _, classes in forests(run).values() for row in classes.values()]
    print(f"{run}: written as a reader would:", any("*" in e for e in all), sum(map(untidy, all)))

def lowest(run):
    return min(known for known, _ in forests(run).values())
PYTHON
same() { # NAME OPTIONS: threads, and a stop before and after the forests begin
    name=$1; shift
    fit -o $name --threads 1 --iterations 10 "$@"
    fit -o $name-2 --threads 2 --iterations 5 "$@"
    fit -o $name-2 --threads 1 --iterations 9 --resume "$@"
    fit -o $name-2 --threads 2 --iterations 10 --resume "$@"
    cmp $name/front.csv $name-2/front.csv && echo $name: the same front
    python3 -c "from check import *; check('$name')"
}
same plain --operators '+,-,*'
same functions --operators '+,-,*,bell(x) = exp(-x^2), h(x,y) = x/(1 + y^2)' --complexity 'h=2'
grep -c 'bell\|h(' functions/front.csv || true
python3 -c "from check import *; print('functions help:', lowest('functions') < 0.97*lowest('plain'))"
# a guess for one class, of a frequency that is out of reach; its constants are fitted
same guess --operators '+,-,*,sin' --guess 'u: 7*sin(9.25*a + 1)'
fit -o guess-1 --iterations 1 --operators '+,-,*,sin' --guess 'u: sin(9.25*a + 1)'
fit -o without --iterations 1 --operators '+,-,*,sin'
python3 -c "from check import *; print('a guess helps:', lowest('guess-1') < 0.9*lowest('without'))"
python3 -c "from check import *; written('plain'); written('functions'); written('guess')"
# the forests of another run's front begin as they are: nothing is lost
fit -o again --iterations 1 --operators '+,-,*,sin' --guess guess/front.csv
python3 -c "from check import *; print('forests of a front:', lowest('again') <= 1.0001*lowest('guess'), lowest('again') < 0.9*lowest('without'))"
if fit -o guess-2 --iterations 11 --operators '+,-,*,sin' --guess 'v: 7*sin(9.25*a + 1)' --resume 2>err; then exit 1; fi
grep -o 'was made with other data, other options' err
# the groves' ways of making children follow success
same adapt --operators '+,-,*,sin' --mutation-weights adapt
fit -o fixed --operators '+,-,*,sin' --iterations 10
fit -o uncrossed --operators '+,-,*,sin' --mutation-weights crossover=0 --iterations 9
python3 - <<'PYTHON'
import json
def shares(run, of="grove_shares"):
    return json.load(open(run + "/summary.json"))[of]
adapted, fixed = shares("adapt"), shares("fixed")
print("groves: sums", *(round(sum(s.values()), 9) for s in (adapted, fixed)), "fixed:", round(fixed["crossover"], 9), fixed["backsolve"],
      round(fixed["add_node"] / fixed["insert_node"], 9), "none:", shares("uncrossed")["crossover"])
print("learned:", max(abs(adapted[name] - fixed[name]) for name in fixed) > 0.01, "none dies:", all(adapted[n] > 0.01 * fixed[n] for n in fixed if n != "backsolve"))
print("resumed:", shares("adapt-2") == adapted, "apart from islands:", shares("adapt", "mutation_shares")["u"] != adapted)
PYTHON
# a form for every class
same form --operators '+,-,*,sin' --template 'f(a, b) - p*exp(-g(b))' --template-parameters p=1
python3 - <<'PYTHON'
from check import *
worst = 0
for known, classes in forests("form").values():
    for row in classes.values():
        names = {"sin": math.sin, "exp": math.exp}
        for part in row["inner"].replace("^", "**").split("; "):
            head, body = part.split(" = ")
            call = re.fullmatch(r"(\w+)\((.*)\)", head)
            names[call[1] if call else head] = eval(f"lambda {call[2]}: {body}" if call else body, names)
        for x in rows[:20]:
            found = eval(row["equation"].replace("^", "**"), {**names, **x})
            worst = max(worst, abs(found - eval("f(a, b) - p*exp(-g(b))", {**names, **x})) / (1 + abs(found)))
print("equation and parts agree:", worst < 1e-12)
PYTHON
# units: a score is a pure number, so that it is the same in metres and in millimetres
same units --operators '+,-,*,/' --units 'a: m, b: m, c: s' --dimensionless-constants
fit -o fined --iterations 10 --operators '+,-,*,/' --units 'a: m, b: m, c: s' --dimensionless-constants --unit-penalty 0.01
python3 - <<'PYTHON'
from check import *
def changes(row):
    names = {"exp": math.exp}
    code = row["equation"].replace("^", "**")
    values = [eval(code, names, {"a": 1.3 * k, "b": 0.7 * k, "c": 1.1 * l}) for k, l in ((1, 1), (8, 1), (1, 8))]
    return max(abs(v - values[0]) for v in values) > 1e-9
print("units agree:", not any(changes(r) for _, classes in forests("units").values() for r in classes.values()))
fines = [(known - loss({k: r["equation"] for k, r in classes.items()})) / 0.01 for known, classes in forests("fined").values()]
count = [sum(map(changes, classes.values())) for _, classes in forests("fined").values()]
print("each class that disagrees is fined:", all(abs(f - n) < 1e-2 for f, n in zip(fines, count)), max(count) > 0)
PYTHON
