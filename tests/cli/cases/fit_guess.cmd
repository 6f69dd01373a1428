# guesses: texts, files and halls of fame begin the search; their constants are fitted
python3 - >wave.csv <<'PYTHON'
import math, random
random.seed(5)
print("a,b,y")
for _ in range(400):
    a, b = random.uniform(0, 6), random.uniform(-2, 2)
    print(a, b, 0.7 * math.sin(9.3 * a + 1.1) * b + math.sin(a * b), sep=",")
PYTHON
# the frequency is out of reach of so short a search, but not of a guess near it
lowest() { tail -1 $1/front.csv | cut -d, -f3 | python3 -c 'print(float(input()) < 1e-6)'; }
symlut fit wave.csv -o plain --evaluations 2000 --quiet >out
lowest plain
symlut fit wave.csv -o guessed --evaluations 2000 --quiet --guess '0.5*sin(9.25*a + 1)*b + sin(a*b)' >out
lowest guessed
printf '# two of them\ny = sin(9.25*a + 1)*b*0.5 + sin(a*b)\na*b\n' >guesses.txt
symlut fit wave.csv -o file --evaluations 2000 --quiet --guess guesses.txt --guess 'y: a + b' --threads 1 >out
lowest file
printf 'Complexity,Loss,Equation\n3,0.5,x0 * x1\n12,0.1,"(sin((x0 * 9.25) + 1.0) * (x1 * 0.5)) + sin(x0 * x1)"\n14,0.05,"gamma(x0)"\n' >hall.csv
symlut fit wave.csv -o hall --evaluations 2000 --quiet --guess hall.csv >out
lowest hall
symlut fit wave.csv -o again --evaluations 2000 --quiet --guess hall/front.csv >out
lowest again
symlut fit wave.csv -o stopped --evaluations 1000 --quiet --guess hall.csv >out
symlut fit wave.csv -o stopped --evaluations 2000 --quiet --guess hall.csv --resume >out
cmp hall/front.csv stopped/front.csv && echo the same front after a resume
python3 -c "import json; print(json.load(open('file/run.json'))['options']['guesses'])"
