# one bit at a threshold: given, and by the part of the background that it may accept
printf 'y = 0.5*a - b\n' >one.txt
# scores -2 ... 1.9 in steps of 0.1; every fourth row is signal, and 2 higher
awk 'BEGIN { print "a,b,kind"
             for (i = 0; i < 40; i++) {
                 if (i % 4 == 0) print (2 * i + 40) / 5 "," (i + 20) / 50 ",yes"
                 print (i * 7 % 40 - 20) / 5 ",0,no" } }' >d.csv
symlut compile one.txt -o fw --output decision --background-efficiency 10% --data d.csv --clock 100MHz \
    | sed -n '/outputs/,/signal/p'
grep '"output": ' fw/manifest.json
symlut predict fw d.csv --json
symlut predict fw d.csv --quiet | sort | uniq -c | tr -s ' '
symlut verify fw d.csv --vectors 2000 --forms c,verilog --quiet --json | grep -c '"equal": true'
symlut report fw -o page.html
grep -o 'is at least [^<]*' page.html
# a value; of several scores the margin over the largest other, or the score alone
symlut compile one.txt -o fw --output decision --threshold 0.33 | grep 'decision  '
printf 'p = a\nq = b\nr = 1 - a\n' >three.txt
symlut compile three.txt -o fw3 --output decision --signal r --threshold 0.5 | grep 'decision  '
printf 'a,b\n0.25,0.25\n0.25,0.26\n0.3,0\n-3,2\n' >x.csv
symlut predict fw3 x.csv
symlut compile three.txt -o fw3 --output decision --signal r --discriminant score --threshold 0.5 | grep 'decision  '
symlut predict fw3 x.csv
# never reached
symlut compile one.txt -o never --output decision --threshold 100 --json | grep '"high": 0'
# formats by node: the tolerance is of the signal's efficiency, at that of the background
printf 'p = 1 - sin(a + b)\nq = a*b\n' >two.txt
awk 'BEGIN { print "a,b,kind"
             for (i = 0; i < 2000; i++) {
                 a = i * 37 % 101 / 50 - 1; b = i * 53 % 211 / 105 - 1
                 print a "," b "," (a + b < i % 7 / 10 - 0.3 ? "p" : "q") } }' >e.csv
symlut compile two.txt -o fwa --output decision --background-efficiency 5% --signal p --data e.csv \
    --precision auto --tolerance 2% --effort 2 --quiet --json >auto.json
awk -F': ' '/"metric"/ { print $2 } /"float"/ { f = $2 + 0 } /"fixed"/ { x = $2 + 0 }
            END { print (f > 0.3) (f < 0.95) (x >= f - 0.02) }' auto.json
symlut verify fwa e.csv --vectors 500 --forms c --quiet --json | grep -c '"equal": true'
