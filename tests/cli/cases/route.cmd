# place and route with open tools: a routed frequency under its label, and the refusals
if ! command -v nextpnr-ice40 >/dev/null; then
    echo 'no nextpnr-ice40; to get it: apt-get install nextpnr-ice40'
    exit 77
fi
printf 'y = 0.3*a + 0.25*b - 0.7\n' >eq.txt
symlut compile eq.txt -o fw --precision 'fixed<10,4>' --clock 100MHz --quiet >/dev/null
symlut synth fw --route ice40 --quiet | sed -n '/^routed/,$p'
# the figures of the file: a frequency, and at least the wrapper's and the design's registers
symlut synth fw --route ice40 --quiet --json | python3 -c '
import json, sys
printed = json.load(sys.stdin)
assert printed == json.load(open("fw/synth.json"))
route = printed["route"]
assert route["part"] == "iCE40HX8K-CT256" and route["target_mhz"] == 100
assert 20 < route["mhz"] < 1000, route["mhz"]
cells = route["utilisation"]["ICESTORM_LC"]
assert 21 + 2 * 11 <= cells["used"] <= 200 and cells["available"] == 7680, cells
assert route["utilisation"]["SB_IO"]["used"] == 3
print("synth.json agrees")'
symlut report fw -o page.html
grep -c 'MHz routed on iCE40HX8K-CT256 by nextpnr-ice40 [0-9.].*; not a trigger.s timing: ICESTORM_LC [0-9]* of 7680' page.html
# a tool that is missing, and a part that is full: nothing is written
rm fw/synth.json
symlut synth fw --route ecp5 --nextpnr ./nextpnr-ecp5 || echo "exit code $?"
cat >full <<'SH'
#!/bin/sh
# the words of nextpnr 0.4 for a design of more cells than the part has
[ "$1" = --version ] && exec nextpnr-ice40 --version
echo "ERROR: Unable to place cell 'n16_LC', no BELs remaining to implement cell type 'ICESTORM_LC'"
exit 255
SH
chmod +x full
symlut synth fw --route ice40 --nextpnr ./full || echo "exit code $?"
ls fw/synth.json 2>/dev/null || echo nothing written
