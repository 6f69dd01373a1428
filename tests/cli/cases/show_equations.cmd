printf 'mass = sin(x0) + 2*x1\nwidth = x0^2 / (1 + exp(-x1))\n' >model.txt
symlut show model.txt
for style in latex sympy c numpy; do
    symlut show model.txt --style $style
done
symlut show model.txt --json --output width
