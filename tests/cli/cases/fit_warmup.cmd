# births of at most 7 nodes in the first epoch, which a scale and an offset take to 11, and larger ones later; the same
# on any threads, stopped or not; never with another warm-up
python3 - >d.csv <<'PYTHON'
import math, random
random.seed(1)
print("a,b,y")
for _ in range(300):
    a, b = random.uniform(-2, 2), random.uniform(1, 3)
    print(a, b, math.sin(a * b) + a / (b + 0.3 * a * a) + 0.1 * random.gauss(0, 1), sep=",")
PYTHON
options='--operators +,-,*,/,sin --maxsize 40 --no-laws --seed 1 --quiet'
largest() { cut -d, -f2 $1/front.csv | sort -n | tail -1; }
symlut fit d.csv -o run $options --warmup-maxsize 10 --iterations 1 --threads 1 >out
test $(largest run) -le 11 && echo small
symlut fit d.csv -o run $options --warmup-maxsize 10 --iterations 12 --threads 2 --resume >out
test $(largest run) -gt 20 && echo large
symlut fit d.csv -o whole $options --warmup-maxsize 10 --iterations 12 --threads 1 >out
cmp run/front.csv whole/front.csv && echo same
symlut fit d.csv -o run $options --warmup-maxsize 11 --iterations 13 --resume >out 2>err || echo $?
symlut fit d.csv -o with $options --warmup-maxsize 2 --iterations 3 --template "f(a) + b" >out 2>err || echo $?
tail -1 err
