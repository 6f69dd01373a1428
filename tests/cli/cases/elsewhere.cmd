# equations from elsewhere compile as they are: PySR's hall of fame, one file an output, and sympy's text
cat >hall_of_fame.csv <<'END'
Complexity,Loss,Equation
1,2.5,x0
5,0.75,"(x0 * 1.5) - x1"
9,0.001,"(x0 * 1.5) - (x1 * sin(x0))"
END
printf 'Complexity,Loss,Equation\n3,0.1,"square(x1)"\n' >second.csv
symlut compile hall_of_fame.csv,second.csv -o pysr --select 'complexity 9' --quiet | grep outputs
grep '"equation"' pysr/manifest.json
symlut compile hall_of_fame.csv -o simpler --select 'complexity 5' --json --quiet | grep '"equation"'
# print(expr) of sympy: **, Rational, Abs, Max, log, pi, E
printf 'u = x**2/2 + Abs(y) - Max(x, 3*y/4)\nv = exp(-x**2)*pi + E*log(y + 2)\n' >sympy.txt
symlut compile sympy.txt -o sympy --precision 'fixed<20,6,RND,SAT>' --clock 100MHz --table 'exp: 4096 over [-4,4]' --table 'log: 4096 over [0,4]' --quiet | grep -A1 outputs
# against the same in awk: largest differences in steps of 2^-7
awk 'BEGIN { print "x,y,u,v"
             for (i = 0; i < 200; i++) {
                 x = i * 37 % 101 / 60 - 0.8; y = i * 53 % 211 / 130 - 0.8
                 m = x > 0.75 * y ? x : 0.75 * y
                 printf "%.9f,%.9f,%.9f,%.9f\n", x, y, x * x / 2 + (y < 0 ? -y : y) - m, exp(-x * x) * 3.14159265358979 + 2.71828182845905 * log(y + 2) } }' >d.csv
symlut predict sympy d.csv --features x,y --quiet | paste -d, d.csv - | awk -F, '
    NR > 1 { a = $3 - $5; b = $4 - $6; a = a < 0 ? -a : a; b = b < 0 ? -b : b; if (a > m) m = a; if (b > n) n = b }
    END { print int(m * 128), int(n * 128) }'
symlut verify pysr --vectors 1000 --forms c,verilog --quiet --json | grep -c '"equal": true'
