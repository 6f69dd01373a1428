# the overview, and each command's help with an example
symlut help
for command in fit show compile predict verify synth report jets; do
    symlut help "$command" | sed -n '1p;/^Example:/,$p'
    symlut "$command" --help | grep -c -e '--help'
done
