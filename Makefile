# A thin wrapper: scripts/ install and run, Meson builds. The two commands are `make demo` (the main
# job on the built-in sample) and `make test` (all tests). `make help` lists the rest.
BUILD ?= build
WERROR ?= true
export BUILD

.PHONY: build demo test test-oracles test-sanitize test-tsan peers format packages help
.DEFAULT_GOAL := build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '	'

packages: ## install the Debian packages that are missing (scripts/packages.txt)
	@scripts/install

build: packages ## install and compile into build/
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) -Dwerror=$(WERROR)
	@meson compile -C $(BUILD)

demo: build ## data to verified firmware on the built-in sample, into demo-out/
	@scripts/demo $(BUILD)/cli/symlut demo-out

test: build ## all tests that need Debian packages only
	@SYMLUT_THOROUGH=1 meson test -C $(BUILD) --no-rebuild --print-errorlogs

test-oracles: build ## comparisons with numpy, sympy and the real ap_types headers
	@scripts/venv .venv-oracle tests/oracle/requirements.txt
	@tests/oracle/run.sh $(BUILD) .venv-oracle

# Instrumented code makes gcc warn of paths that cannot be taken; `test` has the gate on warnings.
test-sanitize: packages ## all tests under ASan and UBSan
	@test -f build-sanitize/build.ninja || meson setup build-sanitize \
	    -Db_sanitize=address,undefined -Db_lundef=false
	@meson compile -C build-sanitize
	@UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1 \
	    meson test -C build-sanitize --no-rebuild --print-errorlogs --timeout-multiplier 6

# What starts threads, and no more: TSan makes the engine some 20 times slower.
test-tsan: packages ## the engine on several threads under TSan
	@test -f build-tsan/build.ninja || meson setup build-tsan -Db_sanitize=thread -Db_lundef=false
	@ninja -C build-tsan cli/symlut tests/unit/test_base tests/unit/test_importance
	@TSAN_OPTIONS=halt_on_error=1 meson test -C build-tsan --no-rebuild --print-errorlogs \
	    --timeout-multiplier 6 threads test_base test_importance

peers: build ## other engines and compilers that bench/ compares with
	@scripts/peers

format: ## clang-format over every C and C++ file
	@git ls-files '*.c' '*.h' '*.cpp' ':!tests/golden' | xargs clang-format -i
