//go:build tools

// Package tools pins what is built here.
package tools

import _ "github.com/summerwind/h2spec/cmd/h2spec"
