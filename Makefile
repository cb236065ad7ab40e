# What there is to do here. `make` lists it.

# The server's address, for those who set another one than Leptos.toml does.
address := $(or $(LEPTOS_SITE_ADDR),127.0.0.1:8080)

# For how long each of the fuzzer's programs looks for something new: `make fuzz SECONDS=3600`. By itself it looks at
# what is known already, and a little beyond.
SECONDS ?= check

# The set-up puts its tools here, and not everybody has it on the PATH.
export PATH := $(PATH):$(or $(CARGO_INSTALL_ROOT),$(CARGO_HOME),$(HOME)/.cargo)/bin

# `app` is built either for the server or for the browser, so the workspace is always taken in two parts.
native := -p collab -p app -p server -p bench --features app/ssr
browser_side := -p collab -p app -p frontend --features app/hydrate --target wasm32-unknown-unknown
browser_units := -p app --features app/hydrate --target wasm32-unknown-unknown

# What is served: optimised, compressed, and what is rarely needed in files of its own.
release := --release --precompress --split --lib-features=split

# Directories are listed too, as a file that was deleted shows only in the time of its directory.
sources := $(shell find . -mindepth 1 \( -name .git -o -name .ci -o -name target -o -name node_modules \
	-o -path ./data -o -path ./docs -o -path ./end2end -o -path ./fuzz -o -path ./Makefile -o -name '*.md' \) -prune -o -print)

# cargo-leptos empties this directory before it builds, so this file is there only as long as the build below is the
# last one. It saves half a minute: even if nothing changed, cargo-leptos optimises and compresses everything.
built := target/site/.built

.NOTPARALLEL:
.PHONY: help run dev test setup setup-run setup-test layers audit fmt clippy doc types unit fuzz browser clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: setup-run $(built) ## build for release and serve http://127.0.0.1:8080/spike1
	@echo "Open http://$(address)/spike1 in two windows. Ctrl+C ends it."
	@exec target/release/scriptorium

$(built): $(sources)
	cargo leptos build $(release)
	@touch $@

dev: setup-run ## build for development, serve, and do it again at every change
	cargo leptos watch

test: layers audit fmt clippy doc types unit fuzz browser ## everything that CI checks
	@echo "All checks passed."

setup: setup-test ## install what `make run` and `make test` need

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test

layers: setup-test ## check which crate depends on which
	.ci/check-dependencies

audit: setup-test ## check licences, versions and known vulnerabilities of what we depend on
	.ci/audit

fmt: setup-test ## check the formatting
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check

clippy: setup-test ## lint
	cargo clippy --locked $(native) --all-targets -- -D warnings
	cargo clippy --locked $(browser_side) -- -D warnings
	cargo clippy --locked -p frontend --features split --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --locked $(browser_units) --tests -- -D warnings
	cargo clippy --locked -p collab --target wasm32-unknown-unknown --bench keystroke -- -D warnings

doc: setup-test ## check the documentation
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps $(native)
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps $(browser_side)

types: setup-test ## check the types of the browser tests and of the editing surface, and that its bundle is current
	npm run --prefix app/surface check
	npm run --prefix end2end check

# Another address for the server is meant for its pages, and would be taken for a setting that a test has made.
unit: setup-test ## run the tests that need no page; some need a browser
	env -u LEPTOS_SITE_ADDR cargo test $(native)
	cargo test $(browser_units) --lib

fuzz: setup-test ## feed the core with hostile bytes, each program for SECONDS
	fuzz/run $(SECONDS)

# Another server at the same address would be tested in place of ours. And cargo-leptos reports success even if the
# build fails, hence the look at what Playwright wrote.
browser: setup-test ## build for release and run the tests in a browser
	@node -e "fetch('http://$(address)').then(() => process.exit(1), () => {})" || \
		{ echo "There is a server at http://$(address) already; stop it first." >&2; exit 1; }
	rm -rf end2end/test-results
	-cargo leptos end-to-end $(release)
	@grep -qs '"status": "passed"' end2end/test-results/.last-run.json || \
		{ echo "The browser tests failed, or did not run to their end:" >&2; \
		cat end2end/test-results/failures.txt 2>/dev/null >&2; exit 1; }

clean: ## delete everything that was built, but no documents
	rm -rf target app/surface/node_modules end2end/node_modules end2end/.venv end2end/test-results end2end/playwright-report
