# a product of small operands is one table, a square too; --formal settles both on all their inputs
printf 'y = a*b + a*a\n' >eq.txt
symlut compile eq.txt -o fw --dsp none --precision 'fixed<8,6>' --format 'a: fixed<4,3>' --format 'b: fixed<3,2>' --quiet >/dev/null
grep -o '^table [^ ]* index [0-9]*' fw/graph.ir
symlut verify fw --formal --vectors 2000 --forms c,verilog --quiet --json >all.json
grep -E '"equal"' all.json | sort -u
grep -E '"(exhaustive|simulated|different)":' all.json | head -2
