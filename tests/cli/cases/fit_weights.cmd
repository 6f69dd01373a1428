# --mutation-weights: the same for any number of threads and after a resume; the shares in the summary
python3 - >d.csv <<'PYTHON'
import math, random
random.seed(3)
print("a,b,c,y")
for _ in range(300):
    a, b, c = (random.uniform(0.5, 3) for _ in range(3))
    print(a, b, c, math.log(a + b * c) * math.sin(a * b) + c / (a + math.exp(-b)), sep=",")
PYTHON
fit() { symlut fit d.csv --no-laws --mutation-weights "$@" --islands 4 --quiet 2>&1 >out; }
fit adapt -o one --iterations 6 --threads 1
fit adapt -o two --iterations 6 --threads 2
fit adapt -o halves --iterations 3
fit adapt -o halves --iterations 6 --resume
cmp one/front.csv two/front.csv && cmp one/front.csv halves/front.csv
cmp one/front.csv halves/front.csv && echo the same fronts
fit fixed -o fixed --iterations 6
cmp -s one/front.csv fixed/front.csv || echo another search
fit 'crossover=0, add_node=5' -o own --iterations 6
fit 'adapt' -o own --iterations 7 --resume || echo refused: $?
python3 - <<'PYTHON'
import json
def shares(run):
    summary = json.load(open(run + "/summary.json"))
    return summary["mutation_shares"]["y"]
adapted, fixed, own = shares("one"), shares("fixed"), shares("own")
print(len(fixed), "ways; sums", *(round(sum(s.values()), 9) for s in (adapted, fixed, own)))
print("fixed:", round(fixed["add_node"] / fixed["insert_node"], 9), "own:", own["crossover"])
print("learned:", max(abs(adapted[name] - fixed[name]) for name in fixed) > 0.01)
print("none dies:", min(adapted[name] / fixed[name] for name in fixed) > 0.01)
print("halves:", shares("halves") == adapted, "threads:", shares("two") == adapted)
print(json.load(open("own/run.json"))["options"]["mutation_weights"])
PYTHON
