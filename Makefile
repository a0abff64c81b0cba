# Weft. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The release that the sources build; VERSION= gives the images another one.
REVISION := $(shell sed -n 's:.*<revision>\(.*\)</revision>.*:\1:p' pom.xml)
VERSION ?= $(REVISION)
LAB ?= lab
NODES ?= 2
PEER ?=
PUSH ?=
FOCUS ?=
SKIP ?=
PROCS ?= 1
NAME ?= cni
ONLY ?=
SUITE ?= conformance
SERVICES ?= weft
DNS ?= weft
SPEC ?=
SIZES ?= 1000,10000,10000x10,30000
# The release that faults upgrade to: the same sources by another version.
NEXT ?= 99.0.0

# A JDK 25 whatever the default java is; .ci/check-tools says why when there is none.
export JAVA_HOME := $(shell .ci/find-jdk 2>/dev/null)
JAVA := $(JAVA_HOME)/bin/java
MAVEN := mvn -B -ntp
# Modules and their times, warnings and errors, but not every step of every plugin.
QUIET := -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.org.apache.maven.cli=info

# Programs of the host that kernel tests and the lab call.
KERNEL_PACKAGES := nftables iptables iproute2 conntrack procps
LAB_PACKAGES := $(KERNEL_PACKAGES) runc util-linux mount e2fsprogs
# What tests start besides: the nginx that the ingress is compared with.
TEST_PACKAGES := $(LAB_PACKAGES) nginx-light libnginx-mod-stream

SOURCES := $(shell find . \( -name target -o -name .git \) -prune -o -type f \
	\( -name pom.xml -o -path '*/src/main/*' -o -path './dataplane-images/node/shim/*' -o -path './e2e/programs/*' \) -print)
BUILT := target/built
SHIM := dataplane-images/node/shim
NETBENCH := e2e/programs/netbench

##@ Everyday
.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\nLabs and kernel tests need root. JDK: %s\n' "$${JAVA_HOME:-none found, see .ci/find-jdk}"

.PHONY: demo
demo: lab-packages $(BUILT) ## A cluster of two nodes with Weft as its network, in about a minute (LAB=)
	@e2e/lab demo --name $(if $(filter file,$(origin LAB)),demo,$(LAB)) --nodes $(NODES) --release $(REVISION)

.PHONY: build
build: tools ## Compile, check and package everything, images included, without running tests
	$(MAVEN) package -DskipTests
	@mkdir -p $(dir $(BUILT)) && touch $(BUILT)

.PHONY: test
test: test-packages $(BUILT) ## All tests: unit, kernel, operator on a real API server, lab end to end
	cd $(SHIM) && go vet ./... && go test ./...
	cd $(NETBENCH) && go vet ./... && go test ./...
	KUBE_API_TEST_DIR=$$(e2e/lab api-test-dir) $(MAVEN) verify

.PHONY: format
format: tools ## Format all sources
	$(MAVEN) -q spotless:apply
	gofmt -w $(SHIM) $(NETBENCH)

.PHONY: clean
clean: ## Remove what the build wrote; the lab's programs stay in ~/.cache/weft
	find . -name .git -prune -o -name target -type d -prune -exec rm -rf {} +

##@ Images
.PHONY: images
images: $(BUILT) ## Write OCI archives to bundle/target/images (VERSION=, PUSH=registry.example/weft)
ifneq ($(PUSH)$(filter-out $(REVISION),$(VERSION)),)
	@$(JAVA) -classpath bundle/target/classes:$$(cat bundle/target/images.classpath) \
		dev.weft.bundle.images.ImagesCommand --release $(VERSION) $(if $(PUSH),--push $(PUSH))
else
	@cat bundle/target/images/images.txt
endif

##@ Lab: a real Kubernetes cluster in namespaces of this machine
.PHONY: lab-up
lab-up: lab-packages $(BUILT) ## Start one (NODES=2 LAB=lab PEER=kube-proxy,coredns,ptp)
	@e2e/lab up --name $(LAB) --nodes $(NODES) --peers '$(PEER)'

.PHONY: lab-down
lab-down: root $(BUILT) ## Remove it; its logs stay (LAB=lab)
	@e2e/lab down --name $(LAB)

##@ Against the upstream tests and the peers
.PHONY: e2e
e2e: lab-packages $(BUILT) ## Upstream tests on a fresh lab with Weft (SUITE=services, dns, netpol, ingress, cyclonus, cluster-network-policy, gateway SERVICES=kube-proxy DNS=coredns FOCUS= SKIP= SPEC= NODES= PROCS=1)
ifeq ($(SUITE),gateway)
	@e2e/lab gateway --release $(REVISION) --focus '$(FOCUS)' --skip '$(SKIP)'
else
	@e2e/lab e2e --release $(REVISION) --nodes $(if $(filter file,$(origin NODES)),0,$(NODES)) --procs $(PROCS) \
		--suite $(SUITE) --focus '$(FOCUS)' --skip '$(SKIP)' --services $(SERVICES) --dns $(DNS) --spec '$(SPEC)'
endif

.PHONY: bench
bench: lab-packages $(BUILT) ## Measure against the peers, table and e2e/target/bench/NAME.json (NAME=cni, dns, ingress, network-policy, service-proxy SIZES=1000,10000x10)
	@e2e/lab bench $(NAME) --release $(REVISION) --sizes '$(SIZES)'

.PHONY: faults
faults: lab-packages $(BUILT) ## Faults on a fresh lab, figures in e2e/target/faults (ONLY=kills,outage NODES=2)
	@$(MAKE) images VERSION=$(NEXT)
	@e2e/lab faults --nodes $(NODES) --release $(REVISION) --next $(NEXT) --only '$(ONLY)'

# What the targets above stand on.

# Maven runs only when a source is newer than what it built.
$(BUILT): $(SOURCES) | tools
	@echo "Building Weft; the first time this takes minutes."
	$(MAVEN) $(QUIET) package -DskipTests
	@mkdir -p $(@D) && touch $@

.PHONY: tools root lab-packages test-packages
tools:
	@.ci/check-tools jdk maven go
root:
	@.ci/check-tools root
lab-packages: root
	@.ci/debian-packages $(LAB_PACKAGES)
test-packages: root
	@.ci/debian-packages $(TEST_PACKAGES)
