"""Sums of many terms: balanced adders beside counters of bits that fit a LUT.

    python3 bench/hardware/compressors.py SYMLUT YOSYS …

Sums of K terms of 8 bits. Unsigned ones in three forms, written here by hand:

    adders    a balanced tree of two-operand adders: one LUT a bit, with the carry chain
    6:3       six words become three, bit by bit (ones, twos, fours: three LUT6 for each six bits), while
              there are six; then adders
    counters  6:3, then 3:2 (sum and majority: two LUT3 for each three bits), down to two words; one adder

and, unsigned and signed, as SYMLUT compiles them (symlut: ports to a register; its carries are not
listed, its ns are the slowest stage less the register's).

Every form by hand is compared with the sum on random vectors first, here, then synthesised by each of the
programs (`synth_xilinx -family xcup`, adders as modules of their own, as the compiler emits them).
LUT is the sum of LUT1 to LUT6. ns: the device model's, xcvu9p-2, ports to ports. Writes
bench/results/compressors.csv.
"""
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import estimate
from results import write_rows

HERE = pathlib.Path(__file__).parent
TERMS, COMPILED_TERMS, BITS = (3, 6, 9), (6, 9, 12, 16), (8,)
FORMS = ("adders", "6:3", "counters")


def device():
    """Delays of ultrascale+-2."""
    values = {}
    for path in sorted((HERE / "../../src/cost/devices").glob("ultrascale+-2.dev")):
        for line in path.read_text(encoding="utf-8").splitlines():
            word = line.split("#")[0].split()
            if len(word) == 2 and word[0] in (
                    "lut", "carry_base", "carry_bit", "margin", "clock_to_q", "setup"):
                values[word[0]] = float(word[1])
    return values


class Word:
    """A named value: its bits stand at `shift`, its integer is at most `most`, ready after `ns`."""

    def __init__(self, name, shift, most, ns):
        self.name, self.shift, self.most, self.ns = name, shift, most, ns
        self.width = max(1, most.bit_length())


class Module:
    """A design while it is written; `values`: one function of the inputs for each word."""

    def __init__(self, name, terms, bits, d):
        self.name, self.d, self.lines, self.count = name, d, [], 0
        self.words = [Word(f"x{k}", 0, 2**bits - 1, 0.0) for k in range(terms)]
        self.ports = [f"input wire [{bits - 1}:0] x{k}" for k in range(terms)]
        self.eval = []

    def add(self, a, b):
        """One adder; the low bits where only one operand has any pass by."""
        low, high = sorted((a, b), key=lambda w: w.shift)
        pass_by = high.shift - low.shift
        most = low.most + (high.most << pass_by)
        name = f"s{self.count}"
        self.count += 1
        width = most.bit_length()
        w = width - pass_by
        if pass_by >= low.width:
            out = Word(name, low.shift, most, max(a.ns, b.ns))
            zeros = pass_by - low.width
            middle = f"{zeros}'d0, " if zeros else ""
            self.lines.append(f"  wire [{width - 1}:0] {name} = {{{high.name}, {middle}{low.name}}};")
        else:
            ns = max(a.ns, b.ns) + self.d["margin"] * (self.d["carry_base"] + self.d["carry_bit"] * w)
            out = Word(name, low.shift, most, ns)
            self.lines += [
                f"  wire [{w - 1}:0] {name}_low = {low.name}[{low.width - 1}:{pass_by}];",
                f"  wire [{w - 1}:0] {name}_high = {high.name};",
                f"  wire [{w - 1}:0] {name}_sum;",
                f"  bench_add #(.W({w})) i_{name} (.a({name}_low), .b({name}_high), .y({name}_sum));",
                f"  wire [{width - 1}:0] {name} = "
                + (f"{{{name}_sum, {low.name}[{pass_by - 1}:0]}};" if pass_by else f"{name}_sum;")]
        self.eval.append((name, lambda v: v[low.name] + (v[high.name] << pass_by)))
        return out

    def count_bits(self, group):
        """Words of the numbers of ones in each column: six become three, three two."""
        shift = min(w.shift for w in group)
        top = max(w.shift + w.width for w in group)
        heights = [sum(w.shift <= c < w.shift + w.width for w in group) for c in range(shift, top)]
        ns = max(w.ns for w in group) + self.d["margin"] * self.d["lut"]
        outs = []
        for digit in range(3 if len(group) > 3 else 2):
            columns = [c for c, h in enumerate(heights) if h >> digit]
            if not columns:
                continue
            name = f"c{self.count}_{digit}"
            first, last = columns[0], columns[-1]
            self.lines.append(f"  wire [{last - first}:0] {name};")
            for c in range(first, last + 1):
                bits = [f"{w.name}[{c + shift - w.shift}]" for w in group
                        if w.shift <= c + shift < w.shift + w.width]
                self.lines.append(f"  assign {name}[{c - first}] = {digit_of(bits, digit)};")
            outs.append(Word(name, shift + first + digit, 2**(last - first + 1) - 1, ns))
            self.eval.append((name, lambda v, first=first, last=last, digit=digit: sum(
                (sum(v[w.name] >> (c + shift - w.shift) & 1 for w in group
                     if c + shift >= w.shift) >> digit & 1) << (c - first)
                for c in range(first, last + 1))))
        self.count += 1
        return outs

    def check(self, terms, bits):
        for _ in range(200):
            v = {f"x{k}": random.getrandbits(bits) for k in range(terms)}
            for name, f in self.eval:
                v[name] = f(v)
            out = self.words[0]
            if v[out.name] << out.shift != sum(v[f"x{k}"] for k in range(terms)):
                raise AssertionError(f"{self.name}: not the sum")

    def source(self):
        out = self.words[0]
        return "\n".join([f"module {self.name} ({', '.join(self.ports)}, "
                          f"output wire [{out.width - 1}:0] y);", *self.lines,
                          f"  assign y = {out.name};", "endmodule", ""])


def digit_of(bits, digit):
    """Binary digit of the number of ones among at most six bits, as sums of products of pairs."""
    if len(bits) < 2**digit:
        return "1'b0"
    if digit == 0:
        return " ^ ".join(bits)
    # Lucas: binary digit k of the count is the parity of the number of subsets of 2^k ones
    return " ^ ".join("(" + " & ".join(s) + ")" for s in itertools.combinations(bits, 2**digit))


def reduce(module, form):
    while len(module.words) > 1:
        words = sorted(module.words, key=lambda w: (round(w.ns, 6), w.shift))
        size = 6 if form != "adders" and len(words) >= 6 else \
            3 if form == "counters" and len(words) >= 3 else 2
        made = []
        while len(words) >= size:
            group, words = words[:size], words[size:]
            made += [module.add(*group)] if size == 2 else module.count_bits(group)
        module.words = made + words


def compile_sum(symlut, folder, kind, terms, bits):
    """(firmware, ns) of a sum whose format holds it."""
    model, fw = folder / "sum.txt", folder / f"{kind}_{terms}_{bits}"
    model.write_text("y = " + " + ".join(f"x{k}" for k in range(terms)) + "\n", encoding="utf-8")
    formats = [w for k in range(terms) for w in ("--format", f"x{k}: {kind}<{bits},{bits}>")]
    subprocess.run([symlut, "compile", model, "-o", fw, "--precision", "fixed<20,20>", "--quiet",
                    *formats], check=True, stdout=subprocess.DEVNULL)
    manifest = json.loads((fw / "manifest.json").read_text(encoding="utf-8"))
    return fw, manifest["timing"]["slowest_stage_ns"]


def synthesised(symlut, yosys, fw):
    made = subprocess.run([symlut, "synth", fw, "--yosys", yosys, "--json", "--quiet"], check=True,
                          capture_output=True, text=True)
    return json.loads(made.stdout)["resources"]["lut"]


def main():
    symlut, programs = os.path.abspath(sys.argv[1]), sys.argv[2:]
    d, rows, designs, compiled = device(), [], [], []
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for bits in BITS:
            for terms in TERMS:
                for form in FORMS:
                    module = Module(f"sum_{terms}_{bits}_{FORMS.index(form)}", terms, bits, d)
                    reduce(module, form)
                    module.check(terms, bits)
                    (folder / f"{module.name}.v").write_text(module.source(), encoding="utf-8")
                    designs.append({"name": module.name})
                    rows.append({"terms": terms, "bits": bits, "form": form,
                                 "ns (model)": f"{module.words[0].ns:.2f}"})
        for kind in ("ufixed", "fixed"):
            for terms in COMPILED_TERMS:
                fw, ns = compile_sum(symlut, folder, kind, terms, BITS[0])
                compiled.append((fw, {"terms": terms, "bits": BITS[0],
                                      "form": "symlut" + (", signed" if kind == "fixed" else ""),
                                      "ns (model)": f"{ns - d['clock_to_q'] - d['setup']:.2f}"}))
        for yosys in programs:
            version = "Yosys " + subprocess.run([yosys, "-V"], capture_output=True, text=True,
                                                check=True).stdout.split()[1]
            found = estimate.synthesise(yosys, folder, designs)
            for row, design in zip(rows, designs):
                made = estimate.resources(found[design["name"]])
                row |= {f"LUT, {version}": made["lut"], f"CARRY4, {version}": made["carry4"]}
            for fw, row in compiled:
                row[f"LUT, {version}"] = synthesised(symlut, yosys, fw)
    rows += [row for _, row in compiled]
    write_rows("compressors.csv", rows)
    for row in rows:
        print(*row.values(), flush=True)


if __name__ == "__main__":
    main()
