# stages for a clock, a number of them, none, and a latency that they must fit
printf 'y = 0.75*a + 1.25*b - 0.5*c*b\nz = 3*a - 5*b + 7*c + d\n' >eq.txt
for options in "--clock 200" "--clock 500" "--stages 0" "--stages 5" "--latency 10ns --clock 320"; do
    # shellcheck disable=SC2086
    symlut compile eq.txt -o fw $options --dsp none --precision 'fixed<12,5>' --quiet | grep -E 'timing|slowest|resources'
    symlut verify fw --vectors 2000 --forms c --quiet --json | grep '"equal"' | sort -u
done
# what does not fit is refused, and nothing is written
for options in "--stages 1 --clock 600" "--latency 4ns --clock 320" "--latency 2ns --clock 320" "--latency 10ns --stages 4"; do
    # shellcheck disable=SC2086
    symlut compile eq.txt -o no $options --dsp none --precision 'fixed<12,5>' --quiet || echo "exit $?"
done
ls
