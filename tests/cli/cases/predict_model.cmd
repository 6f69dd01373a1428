# a float model: regression with its answers beside it, classes by the largest output
printf 'y = 2*a + b\n' >line.txt
printf 'a,b,y\n1,2,4\n0.5,0.25,1.25\n1e-3,3,3\n' >data.csv
symlut predict line.txt data.csv --target y
symlut predict line.txt data.csv --target y -o out.csv --json
cat out.csv
printf 'p = x0\nq = 1 - x0\n' >two.txt
printf 'x0\n0.75\n0.1\n' >x.csv
symlut predict two.txt x.csv --task classification --quiet
symlut predict "$CASES/run" x1.csv 2>&1 || true
printf 'x0,x1,kind\n2,1,a\n0.5,0.5,b\n-9,9,c\n' >kinds.csv
symlut predict "$CASES/run" kinds.csv
symlut predict "$CASES/run" kinds.csv -o out.npy
python3 - <<'PYTHON'
import struct
data = open("out.npy", "rb").read()
length = struct.unpack("<H", data[8:10])[0]
assert data[:8] == b"\x93NUMPY\x01\x00" and (10 + length) % 64 == 0
print(data[10:10 + length].decode().strip())
print([round(v, 6) for v in struct.unpack("<12d", data[10 + length:])])
PYTHON
ls
