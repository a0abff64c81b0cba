//go:build tools

// Package e2etest pins Kubernetes' own end-to-end tests, which are built with go test -c.
package e2etest

import _ "k8s.io/kubernetes/test/e2e"
