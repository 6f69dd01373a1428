# a range given to a function saturates its argument: what would leave it is no part of a larger table
printf 'y = exp(0 - x*x)\n' >eq.txt
symlut compile eq.txt -o fw --precision 'fixed<14,3>' --table 'exp: auto over [-1,0]' --quiet | grep tables
symlut verify fw --vectors 2000 --forms c,verilog --quiet --json | grep '"equal"' | sort -u
printf 'x\n0.5\n1.5\n' >x.csv
symlut predict fw x.csv -o out.csv
awk -F, 'NR > 1 { printf "%.2f\n", $1 }' out.csv
# where it cannot be left they are one table
symlut compile eq.txt -o fw --precision 'fixed<14,3>' --table 'exp: auto over [-8,8]' --quiet | grep tables
