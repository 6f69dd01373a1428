# raw inputs of very different units: the scaling is a part of the logic, and no scaler is left outside
printf 'y = sin(a)*b + 0.5*c\n' >eq.txt
printf 'feature,mean,scale\na,1500,820\nb,-0.02,0.003\nc,0,1\n' >s.csv
awk 'BEGIN { print "a,b,c"
             for (i = 0; i < 500; i++)
                 printf "%.6f,%.6f,%.6f\n", 1500 + 820 * (i * 37 % 101 / 25 - 2), -0.02 + 0.003 * (i * 53 % 211 / 70 - 1.5), i % 7 / 4 }' >d.csv
for how in "" --fold-scaler; do
    symlut compile eq.txt -o "fw$how" --scaler s.csv --data d.csv --precision 'fixed<22,8,RND,SAT>' --clock 100MHz $how --quiet \
        | sed -n '/inputs/,/outputs/p'
    grep -E '"(mean|scale)":' "fw$how/manifest.json" | tr -d ' \n'; echo
    symlut predict "fw$how" d.csv --quiet -o "fixed$how.csv"
done
grep '"equation"' fw--fold-scaler/manifest.json
symlut predict eq.txt d.csv --scaler s.csv --quiet -o float.csv
# largest differences from the float model, in steps of 2^-8
for how in "" --fold-scaler; do
    paste -d, float.csv "fixed$how.csv" | awk -F, 'NR > 1 { d = $1 - $2; d = d < 0 ? -d : d; if (d > m) m = d }
                                                   END { print int(m * 256) }'
done
symlut verify fw--fold-scaler d.csv --vectors 2000 --forms c,verilog --quiet --json | grep -c '"equal": true'
# formats and ranges by node are of the raw values
symlut compile eq.txt -o auto --scaler s.csv --fold-scaler --precision auto --tolerance 0.05 --effort 1 --format 'a: fixed<12,13>' \
    --range 'a: [-140,3140]' --range 'b: [-0.0245,-0.0155]' --range 'c: [0,1.5]' --clock 100MHz --quiet >auto.txt
grep -E '^  (inputs| *[bc] )' auto.txt | tr -s ' ' | cut -d' ' -f1-4
symlut predict auto d.csv --quiet | paste -d, float.csv - | awk -F, 'NR > 1 && ($1 - $2 > 0.06 || $2 - $1 > 0.06) { n++ } END { print n + 0 }'
