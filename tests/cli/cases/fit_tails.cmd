# heavy tails of the residuals are noted, with the loss that helps; normal noise and exact laws are not
python3 - <<'PYTHON'
import random
random.seed(4)
files = {name: open(name + ".csv", "w") for name in ("spoilt", "normal", "exact")}
for name, file in files.items():
    print("a,y", file=file)
for _ in range(1000):
    a, noise = random.uniform(-2, 2), random.gauss(0, 0.1)
    far = random.gauss(0, 5) if random.random() < 0.03 else 0
    for name, error in (("spoilt", noise + far), ("normal", noise), ("exact", 0)):
        print(a, 1 + a * a - a + error, sep=",", file=files[name])
PYTHON
for name in spoilt normal exact; do
    symlut fit $name.csv -o $name --operators '+,-,*' --maxsize 9 --iterations 3 2>/dev/null | grep '^note' || echo $name: no note
done
python3 -c "import json; print(sorted(json.load(open('spoilt/summary.json'))['heavy_tails']))"
symlut fit spoilt.csv -o robust --operators '+,-,*' --maxsize 9 --iterations 3 --loss L1 2>/dev/null | grep '^note' || echo L1: no note
symlut report spoilt -o report.html >/dev/null && grep -c 'heavy tails' report.html
