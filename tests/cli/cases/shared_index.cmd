# tables of one input: one saturation makes the index of all of them
printf 's = sin(x)\nc = cos(x)*y\ne = exp(x) - y\n' >eq.txt
symlut compile eq.txt -o fw --precision 'fixed<12,5>' --table 'sin: 512 over [-4,4]' --table 'cos: 512 over [-4,4]' \
    --table 'exp: 512 over [-4,4]' --quiet >log
for graph in fw/graph.plain.ir fw/graph.ir; do
    echo "$graph: $(grep -c '= table' $graph) tables, $(grep -c '= cast .*SAT' $graph) saturation(s)"
done
symlut verify fw --vectors 1000 --forms c --quiet --json | grep '"equal"' | sort -u
