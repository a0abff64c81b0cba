# Weft. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VERSION ?= 0.1.0
NODES ?= 2
PROCS ?= 1

# A JDK 25 whatever the default java is; `check-tools` prints the reason when it is empty.
export JAVA_HOME := $(shell .ci/find-jdk 2>/dev/null)
MAVEN := mvn -B -ntp $(if $(filter-out 0.1.0,$(VERSION)),-Drevision=$(VERSION))

# Programs of the host that kernel tests and the lab call.
KERNEL_PACKAGES := nftables iproute2 conntrack procps
LAB_PACKAGES := $(KERNEL_PACKAGES) runc util-linux mount

SOURCES := $(shell find . -path ./.git -prune -o -name target -prune -o -type f \
	\( -name '*.java' -o -name 'pom.xml' -o -path '*/src/*' -o -path '*/shim/*' \) -print | LC_ALL=C sort)

##@ Everyday
.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nTargets that start containers or touch the kernel need root. JDK: %s\n' "$${JAVA_HOME:-none found, see .ci/find-jdk}"

.PHONY: build
build: tools ## Compile, check and package everything without running tests
	$(MAVEN) package -DskipTests

.PHONY: format
format: tools ## Format all Java sources
	$(MAVEN) -q spotless:apply

.PHONY: clean
clean: ## Remove what the build wrote; the lab's program cache stays
	rm -rf target
	find . -name target -type d -prune -not -path './.git/*' -exec rm -rf {} +

.PHONY: test
test: tools root kernel-packages ## All tests: unit, kernel, operator against a real API server, lab end to end
	$(MAVEN) verify

.PHONY: tools
tools:
	@.ci/check-tools jdk maven go

.PHONY: root
root:
	@.ci/check-tools root

.PHONY: kernel-packages lab-packages
kernel-packages: root
	@.ci/debian-packages $(KERNEL_PACKAGES)
lab-packages: root
	@.ci/debian-packages $(LAB_PACKAGES)
