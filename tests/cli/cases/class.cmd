# one output, the number of the class; predict shows its name, verify compares it bit for bit
printf 'p = x0\nq = x1\nr = 1 - x0\n' >three.txt
printf 'x0,x1,kind\n0.75,0.5,p\n0.5,0.5,p\n0.25,0.75,q\n0,1,r\n-2,1,r\n' >x.csv
symlut compile three.txt -o fw --output class --quiet >/dev/null
grep '"output": ' fw/manifest.json
symlut predict fw x.csv --target kind
symlut compile three.txt -o scores --task classification --quiet >/dev/null
symlut predict scores x.csv --target kind --quiet
symlut verify fw --vectors 2000 --forms c,verilog --quiet --json | grep '"equal"' | sort -u
