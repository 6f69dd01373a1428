# sub-expressions of one value: one table each, in every form
printf 'y = 0.5*sin(2*a)*cos(2*a) + b + sin(a) - sin(a - b + 1)*cos(a - b + 1)\n' >eq.txt
for how in none auto; do
    symlut compile eq.txt -o "fw_$how" --merge-functions "$how" --precision 'fixed<10,4>' \
        --table 'sin: 256 over [-8,8] faithful' --quiet | grep -A1 tables
done
symlut verify fw_auto --vectors 2000 --forms c,verilog --quiet --json | grep '"equal"' | sort -u
# the default: auto for faithful tables, else none
symlut compile eq.txt -o fw --table 'sin: 256 over [-8,8] faithful' --precision 'fixed<10,4>' --quiet --json | grep '"function"'
symlut compile eq.txt -o fw --table 'sin: 256 over [-8,8]' --precision 'fixed<10,4>' --quiet --json | grep '"function"'
