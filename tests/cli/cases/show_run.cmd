# a small run folder of three classes
symlut show "$CASES/run"
symlut show "$CASES/run" --output b --json
symlut show "$CASES/run" --select accuracy --output a
symlut show "$CASES/run" --style numpy --select 'complexity 3'
