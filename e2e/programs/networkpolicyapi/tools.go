//go:build tools

// Package networkpolicyapi pins the conformance tests of ClusterNetworkPolicy, which are built with go test -c.
package networkpolicyapi

import _ "sigs.k8s.io/network-policy-api/conformance/tests"
