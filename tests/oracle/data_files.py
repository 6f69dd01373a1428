"""Files that numpy writes, read by the library: every value must be numpy's own float64."""
import ctypes
import os
import sys
import tempfile

import numpy as np

lib = ctypes.CDLL(os.path.join(sys.argv[1], "libsymlut.so"))

class Options(ctypes.Structure):
    _fields_ = [("target", ctypes.c_char_p), ("features", ctypes.c_char_p), ("weights", ctypes.c_char_p),
                ("table", ctypes.c_char_p), ("task", ctypes.c_int), ("drop_nonfinite", ctypes.c_bool),
                ("target_optional", ctypes.c_bool), ("keep_constant", ctypes.c_bool)]

class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("file", ctypes.c_char * 512), ("line", ctypes.c_long),
                ("column", ctypes.c_long), ("message", ctypes.c_char * 1024), ("source", ctypes.c_char * 256)]

for name, result in [("rows", ctypes.c_size_t), ("features", ctypes.c_size_t), ("feature_name", ctypes.c_char_p),
                     ("column", ctypes.POINTER(ctypes.c_double)), ("target", ctypes.POINTER(ctypes.c_double)),
                     ("classes", ctypes.c_size_t), ("class_name", ctypes.c_char_p), ("free", None)]:
    getattr(lib, "symlut_dataset_" + name).restype = result

def load(path, **options):
    data, err = ctypes.c_void_p(), Error()
    o = Options(keep_constant=True, **options)
    if lib.symlut_dataset_load(ctypes.byref(data), path.encode(), ctypes.byref(o), None, ctypes.byref(err)):
        raise ValueError(err.message.decode())
    rows, features = lib.symlut_dataset_rows(data), lib.symlut_dataset_features(data)
    x = np.array([np.ctypeslib.as_array(lib.symlut_dataset_column(data, ctypes.c_size_t(f)), (rows,)).copy()
                  for f in range(features)]).T
    y = np.ctypeslib.as_array(lib.symlut_dataset_target(data), (rows,)).copy()
    classes = [lib.symlut_dataset_class_name(data, ctypes.c_size_t(k)).decode()
               for k in range(lib.symlut_dataset_classes(data))]
    lib.symlut_dataset_free(data)
    return x, y, classes

def check(found, expected, what):
    expected = np.asarray(expected).astype(np.float64)
    assert found.shape == expected.shape, (what, found.shape, expected.shape)
    assert (found.view(np.uint64) == expected.view(np.uint64)).all(), what

rng = np.random.default_rng(1)
temporary = tempfile.TemporaryDirectory()
folder = temporary.name
path = lambda name: os.path.join(folder, name)
count = 0
types = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]
for kind in types:
    for order in "<>":
        for layout in "CF":
            for shape in [(1, 2), (7, 3), (1000, 17), (3, 300)]:
                t = np.dtype(order + kind)
                bits = rng.integers(0, 256, size=shape[0] * shape[1] * t.itemsize, dtype=np.uint8)
                a = (bits[: shape[0] * shape[1]] % 2).astype(bool).reshape(shape) if kind == "?" else bits.view(t).reshape(shape)
                if kind[0] == "f":
                    a = np.where(np.isfinite(a), a, 1).astype(t)
                a = np.asarray(a, order=layout, dtype=t)
                np.save(path("a.npy"), a)
                np.savez(path("a.npz"), a)
                np.savez_compressed(path("c.npz"), X=a, y=np.arange(shape[0]) + 0.5)
                for f in ["a.npy", "a.npz"]:
                    x, y, _ = load(path(f), task=1)
                    check(x, a[:, :-1], (f, t, layout, shape))
                    check(y, a[:, -1], (f, t, layout, shape))
                x, y, _ = load(path("c.npz"), task=1)
                check(x, a, ("c", t)); check(y, np.arange(shape[0]) + 0.5, "y")
                np.save(path("y.npy"), a[:, 0].copy())
                x, y, _ = load(path("a.npy") + "," + path("y.npy"), task=1)
                check(x, a, "pair"); check(y, a[:, 0], "pair")
                count += 5
names = np.array(["q", "gluon", "été", "top"])[rng.integers(0, 4, 300)]
for t in ["<U8", ">U8", "U8"]:
    np.savez(path("t.npz"), X=rng.normal(size=(300, 2)), y=names.astype(t))
    x, y, classes = load(path("t.npz"))
    assert classes == sorted(set(names), key=lambda s: s.encode()) and [classes[int(k)] for k in y] == list(names)
    count += 1
np.savez(path("cols.npz"), a=np.arange(5), b=np.arange(5.0) ** 2, y=np.arange(5) * 0.5)
x, y, _ = load(path("cols.npz")); check(x, np.array([np.arange(5), np.arange(5) ** 2]).T, "cols"); check(y, np.arange(5) * 0.5, "cols")
big = rng.normal(size=(4000, 6)) * 10.0 ** rng.integers(-300, 300, (4000, 6))
for fmt in ["%.18e", "%.17g", "%.9g", "%r", "%.30f"]:
    np.savetxt(path("b.csv"), big[:2000] if fmt == "%.30f" else big, delimiter=",", fmt=fmt if fmt != "%r" else "%s")
    x, y, _ = load(path("b.csv"), task=1)
    expected = np.loadtxt(path("b.csv"), delimiter=",")
    check(np.column_stack([x, y]), expected, fmt)
    count += 1
print(count, "files agree with numpy")
