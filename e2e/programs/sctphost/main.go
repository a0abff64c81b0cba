// Command sctphost is agnhost for kernels without SCTP sockets.
//
// What agnhost does with SCTP, "connect --protocol=sctp" and "porter" with SERVE_SCTP_PORT_<port>, it does itself, in user
// space over a raw socket: the packets are those of RFC 9260, so connection tracking and the rules for SCTP see what they
// would see of another kernel. All else, and everything where the kernel has SCTP, is left to /agnhost-kernel, which is
// agnhost unchanged. It speaks IPv4, as agnhost's porter does.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

const (
	unchanged  = "/agnhost-kernel"
	portPrefix = "SERVE_SCTP_PORT_"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && !kernelHasSCTP() {
		switch args[0] {
		case "connect":
			if client := parseConnect(args[1:]); client.protocol == "sctp" {
				client.run()
			}
		case "porter":
			if ports := sctpPorts(); len(ports) > 0 {
				servePorts(ports)
			}
		}
	}
	err := syscall.Exec(unchanged, append([]string{os.Args[0]}, args...), os.Environ())
	exit("UNKNOWN: %s: %v", unchanged, err)
}

func kernelHasSCTP() bool {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, protocolSCTP)
	if err == nil {
		syscall.Close(fd)
	}
	return err == nil
}

// exit ends the program as agnhost connect does: a word that tests look for, then the cause.
func exit(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

// connectArguments are those of agnhost connect.
type connectArguments struct {
	to       string
	protocol string
	timeout  time.Duration
	data     string
}

func parseConnect(args []string) connectArguments {
	parsed := connectArguments{protocol: "tcp", data: "hostname"}
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if !strings.HasPrefix(name, "--") {
			parsed.to = name
			continue
		}
		if !joined && i+1 < len(args) {
			i++
			value = args[i]
		}
		switch name {
		case "--protocol":
			parsed.protocol = value
		case "--timeout":
			timeout, err := time.ParseDuration(value)
			if err != nil {
				exit("UNKNOWN: %v", err)
			}
			parsed.timeout = timeout
		case "--sctp-data":
			parsed.data = value
		}
	}
	return parsed
}

func (c connectArguments) run() {
	host, port, err := net.SplitHostPort(c.to)
	if err != nil {
		exit("UNKNOWN: %v", err)
	}
	address, err := net.ResolveIPAddr("ip4", host)
	if err != nil {
		exit("DNS: %v", err)
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		exit("DNS: %v", err)
	}
	err = exchange(address, uint16(number), []byte(c.data+"\n"), c.timeout)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		exit("TIMEOUT")
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOPROTOOPT):
		exit("REFUSED")
	case err != nil:
		exit("OTHER: %v", err)
	}
	os.Exit(0)
}

// sctpPorts are the ports that the environment asks for, with what is to be said to who connects there.
func sctpPorts() map[string]string {
	ports := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if port, found := strings.CutPrefix(name, portPrefix); found {
			ports[port] = value
		}
	}
	return ports
}

func servePorts(ports map[string]string) {
	ended := make(chan error)
	for port, value := range ports {
		number, err := net.LookupPort("tcp", port)
		if err != nil {
			exit("UNKNOWN: %v", err)
		}
		go func() { ended <- serve(uint16(number), []byte(value)) }()
	}
	exit("%v", <-ended)
}
