module weft.dev/e2e/netbench

go 1.26.0

require (
	github.com/containernetworking/cni v1.3.0
	golang.org/x/sys v0.49.0
)
