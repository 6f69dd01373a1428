# formats by node: ranges, a tolerance, a format of one node; every form equals the graph
printf 'y = sin(a + 0.5*b)*c + 0.3\n' >eq.txt
symlut compile eq.txt -o fw --precision auto --tolerance 0.05 --effort 2 --dsp none --range 'a: [-2,2]' --range 'b: [-1,1]' --range 'c: [0,1]' --format 'a: fixed<8,3>' --quiet >/dev/null
grep -E '"precision"|"metric"|"tolerance": "' fw/manifest.json
grep -A2 '"port": "a"' fw/manifest.json | grep format
symlut verify fw --vectors 2000 --forms c,verilog,hls --quiet --json | grep '"equal"' | sort -u
# the same option with one precision for all others
symlut compile eq.txt -o fixed --precision 'fixed<14,4>' --format 'y: fixed<9,3,RND,SAT>' --format 'a + 0.5*b: fixed<9,4>' --quiet | grep outputs
symlut verify fixed --vectors 2000 --forms c --quiet --json | grep '"equal"' | sort -u
