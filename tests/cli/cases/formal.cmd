# the passes' arithmetic against the graph as lowered; a fault planted in a table is found
printf 'y = 0.3*a*b + 1.7*abs(a) - sin(b)\n' >eq.txt
symlut compile eq.txt -o fw --precision 'fixed<7,4>' --table 'sin: 64 over [-8,8]' --quiet >/dev/null
symlut verify fw --formal --formal-seconds 60 --json | grep -E '"(equal|simulated)":'
cp -r fw fault
sed -i '/^table /{n;s/^  [-0-9]*/  3/}' fault/graph.ir
symlut verify fault --formal --quiet >/dev/null || echo "exit code $?"
rm fault/graph.plain.ir
symlut verify fault --formal --quiet || echo "exit code $?"
