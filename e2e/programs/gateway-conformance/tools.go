//go:build tools

// Package gatewayconformance pins the conformance tests of Gateway API, which are built with go test -c, and the server that
// answers in their pods.
package gatewayconformance

import (
	_ "sigs.k8s.io/gateway-api/conformance"
	_ "sigs.k8s.io/gateway-api/conformance/echo-basic"
)
