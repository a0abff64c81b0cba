// Command netbench measures pod networks from inside a node: how long CNI plugins take, and how fast packets move.
//
// It is the same program for Weft and for its peers, so that what it adds to a figure it adds to all of them.
//
//	netbench cni  --conflist FILE --bin DIR --count 200 --parallel 30   ADD and DEL latencies, through libcni as a runtime does
//	netbench serve --listen ADDR:PORT --netns PATH                      a TCP sink and echo server, and a UDP echo server
//	netbench stream --to ADDR:PORT --netns PATH --seconds 5             one TCP stream, Gbit/s
//	netbench rr --to ADDR:PORT --netns PATH --seconds 5                 1-byte request and response, latencies
//	netbench connect --to ADDR:PORT --netns PATH --parallel 8           connections opened and reset: latencies, how many a second
//	netbench services-write --kubeconfig FILE --count N --endpoints 2   N Services and their slices
//	netbench services-await --count N                                   until a sample of them answers
//	netbench services-sweep --count N                                   all of them: how many do not lead to their endpoints
//	netbench services-churn --kubeconfig FILE --count N --rate 10       changes of slices: latencies until the kernel knows them
//	netbench load --to ADDR:PORT,... --netns PATH --rate 1000 --long 200  connections until SIGTERM: refused, reset, timed out
//	netbench ask --to ADDR:PORT --netns PATH --fresh                    datagrams until SIGTERM: asked, answered
//	netbench resolve --to ADDR:PORT --netns PATH                        DNS questions until SIGTERM: answered, timed out, wrong
//	netbench sniff --to ADDR:PORT                                       until SIGTERM: when the last datagram went there
//	netbench flow --to ADDR:PORT --netns PATH --protocol udp            a message each 50 ms until SIGTERM: lost ones, longest gap
//	netbench knock --to ADDR:PORT,... --netns PATH --seconds 3          connections and datagrams from the first moment on: which get through
//	netbench sweep --to PREFIX,... --port 7000 --netns PATH             datagrams to all addresses until SIGTERM: who answers
//	netbench policies-write --kubeconfig FILE --pods N --count N        N pods that no node runs, and N policies about them
//	netbench policies-enforced --kubeconfig FILE --to ADDR:PORT,...     a policy comes and goes: latencies until it is in force
//	netbench web --to ADDR:PORT --host NAME --rate 20000                requests at a fixed rate: latencies from when they were due
//	netbench web --to ADDR:PORT --host NAME --rate 20000 --websocket    the same with messages over WebSockets
//	netbench web-echo --listen ADDR:PORT --netns PATH                   a WebSocket server that sends messages back
//	netbench fetch --to ADDR:PORT --host NAME --path /1m                long bodies: bytes a second
//	netbench handshakes --to ADDR:PORT --name NAME                      full handshakes of TLS 1.3: how many a second
//	netbench changes --to ADDR:PORT --host NAME --forth CMD --back CMD  a route changes: latencies until the answer is the new one
//	netbench fill --count N                                             N connections that have ended and are still tracked
//	netbench requests --to ADDR:PORT,... --tls-to ADDR:PORT,... --host NAME  requests until SIGTERM: answered, failed, certificates
//	netbench sockets --to ADDR:PORT,... --host NAME --count 5000        WebSockets that stay until SIGTERM: echoed, how they ended
//	netbench objects-write --kubeconfig FILE --file FILE                Kubernetes objects of a file
//
// All take --netns PATH, the network namespace to run in.
// Every command prints one JSON object on stdout; errors go to stderr with exit status 1.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	if len(os.Args) < 2 {
		fail(errors.New("usage: netbench COMMAND [flags]; the commands are in main.go"))
	}
	commands := map[string]func([]string) (any, error){
		"cni": benchCNI, "serve": serve, "stream": stream, "rr": requestResponse, "flow": flow, "connect": connectMany,
		"services-write": servicesWrite, "services-await": servicesAwait, "services-sweep": servicesSweep,
		"services-churn": churn, "load": load, "ask": ask, "resolve": resolve, "sniff": sniff,
		"knock": knock, "sweep": sweep, "policies-write": policiesWrite, "policies-enforced": policiesEnforced,
		"web": web, "web-echo": webEcho, "fetch": fetch, "handshakes": handshakes, "changes": changes,
		"objects-write": objectsWrite, "fill": fill, "requests": requests, "sockets": sockets,
	}
	run, known := commands[os.Args[1]]
	if !known {
		fail(fmt.Errorf("unknown command %q", os.Args[1]))
	}
	if err := moveTo(os.Args); err != nil {
		fail(err)
	}
	result, err := run(os.Args[2:])
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "netbench:", err)
	os.Exit(1)
}

// latency is the shape of a set of durations, in microseconds.
type latency struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50Micros"`
	P99   float64 `json:"p99Micros"`
	Max   float64 `json:"maxMicros"`
}

func summarize(durations []time.Duration) latency {
	if len(durations) == 0 {
		return latency{}
	}
	sorted := append([]time.Duration(nil), durations...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	at := func(q float64) float64 {
		i := int(q * float64(len(sorted)-1))
		return float64(sorted[i].Nanoseconds()) / 1000
	}
	return latency{Count: len(sorted), P50: at(0.5), P99: at(0.99), Max: at(1)}
}

// moveTo starts the program anew in the network namespace that --netns names, if one is named, and returns otherwise. There
// all of its threads are in that namespace, and goroutines need none of their own: with a thread for each of 264 connections
// the load alone filled two cores.
func moveTo(args []string) error {
	for i, arg := range args {
		path, joined := strings.CutPrefix(arg, "--netns=")
		rest := i + 1
		if arg == "--netns" && rest < len(args) {
			path, joined = args[rest], true
			rest++
		}
		if joined && path != "" {
			if err := enter(path); err != nil {
				return err
			}
			return unix.Exec("/proc/self/exe", slices.Concat(args[:i], args[rest:]), os.Environ())
		}
	}
	return nil
}

// enter puts the calling goroutine's thread into a network namespace; the thread is not given back.
func enter(path string) error {
	if path == "" {
		return nil
	}
	runtime.LockOSThread()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open network namespace %s: %w", path, err)
	}
	defer unix.Close(fd)
	if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter network namespace %s: %w", path, err)
	}
	return nil
}
