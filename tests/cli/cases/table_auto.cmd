# every argument within one unit of the last place, whatever the form; the range from the format
printf 'y = exp(0 - x*x)\nz = tanh(x)\n' >eq.txt
symlut compile eq.txt -o fw --precision 'fixed<14,3>' --table 'tanh: auto' --table 'exp: auto' --quiet | grep -A1 tables
symlut verify fw --vectors 16384 --forms c,verilog --quiet --json | grep '"equal"' | sort -u
symlut verify fw --formal --quiet --json | grep -E '"(equal|unchanged|exhaustive|simulated)": (true|false|[0-9]+)' | sort -u
printf 'x\n' >all.csv
awk 'BEGIN { for (k = -8192; k < 8192; k++) printf "%.11f\n", k / 2048 }' >>all.csv
symlut predict fw all.csv -o out.csv
paste -d, all.csv out.csv | awk -F, 'NR > 1 {
    e = exp(2 * $1); f = (e - 1) / (e + 1); d = ($3 - f) * 2048
    worst = d > worst ? d : -d > worst ? -d : worst
} END { print (worst < 1 ? "tanh is faithful" : "tanh is off by " worst) }'
