# A thin wrapper: Meson builds, scripts/ install. `make demo` and `make test` do everything.
BUILD ?= build

.PHONY: build test demo install-packages

build: install-packages
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD)
	@meson compile -C $(BUILD)

test: build
	@meson test -C $(BUILD) --print-errorlogs
