# hls4ml's arithmetic: inputs and constants cut off, products exact until the output, every form equal
printf 'y = 0.3*a*b*b*b*b*b*b - 1.7\n' >eq.txt
printf 'a,b\n1,1\n-0.0001,1\n2,-1.5\n31.9999,0.5\n' >d.csv
symlut compile eq.txt -o fw --arithmetic hls4ml --precision 'fixed<16,6>' --names a,b --quiet >/dev/null
grep -E '"arithmetic"|"input_' fw/manifest.json
symlut predict fw d.csv --quiet
symlut verify fw d.csv --vectors 3000 --forms c,hls --quiet --json | grep '"equal"' | sort -u
