# a sum of functions of one input each, which sums of products approximate to 1e-9: the parts are searched all the same
python3 - >d.csv <<'PYTHON'
import math, random
random.seed(1)
print("a,b,c,y")
for _ in range(400):
    a, b, c = random.uniform(-2, 2), random.uniform(1, 3), random.uniform(-1, 1)
    print(a, b, c, math.sin(1.3 * a) + 0.5 * b * b, sep=",")
PYTHON
for seed in 1 2; do
  symlut fit d.csv -o run --force --iterations 1 --operators '+,-,*,sin,square' --seed $seed --quiet >out
  tail -1 run/front.csv | python3 -c 'row = input().split(","); print(row[1], float(row[2]) < 1e-20)'
done
