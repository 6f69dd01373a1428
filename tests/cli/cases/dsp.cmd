# products of variables: the manifest says what they may use, and synthesis follows it
printf 'y = a*b + 0.25*b*b\n' >eq.txt
for use in auto none prefer; do
    symlut compile eq.txt -o "fw_$use" --dsp "$use" --precision 'fixed<12,6>' --quiet >/dev/null
    grep '"dsp": "' "fw_$use/manifest.json"
    sed 's|//.*||' "fw_$use/rtl/symlut_model.v" | grep -c ' \* ' || true
done
symlut verify fw_none --vectors 2000 --forms c,verilog --quiet --json | grep '"equal"' | sort -u
symlut synth fw_none --json --quiet | grep -E '"command"|"dsp"'
symlut synth fw_prefer --json --quiet | grep -E '"command"|"dsp"'
