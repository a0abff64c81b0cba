// Weft's CNI plugin as container runtimes execute it: it hands the request, with the pod's network namespace as an open
// file descriptor, to the node agent over a Unix socket and prints the answer. See README.md.
//
// It imports little beyond syscall and time: the program starts for every verb of every pod, and what it does not link it does
// not have to load.
package main

import (
	"syscall"
	"time"
)

// CNI error codes (CNI specification 1.1, section "Error").
const (
	codeInvalidEnvironment = 4
	codeIOFailure          = 5
	codeTryAgainLater      = 11
	codeNotAvailable       = 50
)

const (
	// For how long requests wait for an agent that is away: an agent is replaced in a few seconds.
	retryFor = 10 * time.Second
	// Between two tries.
	retryPause = 50 * time.Millisecond
	// For how long an agent that took the request may work on it.
	answerWithin = 60 * time.Second
	// The same for STATUS, which a runtime asks for often and which has another source.
	statusWithin = 2 * time.Second
	// Age up to which the agent's heartbeat file counts as a running agent; the agent touches it every 10 s.
	heartbeatFor = 60 * time.Second

	maxMessage = 4 << 20
)

const versions = `{"cniVersion":"1.1.0","supportedVersions":["0.4.0","1.0.0","1.1.0"]}`

func main() {
	if calledAs() == loopbackName {
		syscall.Exit(loopback(getenv, 0, 1))
	}
	syscall.Exit(run(defaults(), getenv, 0, 1))
}

func getenv(name string) string {
	value, _ := syscall.Getenv(name)
	return value
}

// settings are where the agent is and how long to wait for it; tests have their own.
type settings struct {
	dir          string
	retryFor     time.Duration
	retryPause   time.Duration
	answerWithin time.Duration
}

func defaults() settings {
	dir := getenv("WEFT_RUN_DIR")
	if dir == "" {
		dir = "/run/weft"
	}
	return settings{dir, retryFor, retryPause, answerWithin}
}

func (s settings) socket() string    { return s.dir + "/cni.sock" }
func (s settings) heartbeat() string { return s.dir + "/heartbeat" }

// run serves one call of the plugin and returns its exit code.
func run(s settings, env func(string) string, stdin, stdout int) int {
	command := env("CNI_COMMAND")
	config, err := readAll(stdin)
	if err != nil {
		return fail(stdout, codeIOFailure, "cannot read the network configuration from standard input", err.Error())
	}
	if command == "VERSION" {
		return finish(stdout, answer{0, versions})
	}

	netns := -1
	if path := env("CNI_NETNS"); path != "" && command != "GC" && command != "STATUS" {
		netns, err = openNetns(path)
		// DEL must work when the namespace is already gone.
		if err != nil && command != "DEL" {
			return fail(stdout, codeInvalidEnvironment, "CNI_NETNS "+path+" is no network namespace", err.Error())
		}
		if netns >= 0 {
			defer syscall.Close(netns)
		}
	}

	message := request(command, env, config)
	if command == "STATUS" {
		return status(s, stdout, message)
	}
	deadline := time.Now().Add(s.retryFor)
	for {
		reply, err := exchange(s.socket(), message, netns, s.answerWithin)
		if err == nil {
			return finish(stdout, reply)
		}
		if time.Now().After(deadline) {
			return fail(stdout, codeTryAgainLater,
				"the weft node agent does not answer on "+s.socket()+"; is its pod running on this node?", err.Error())
		}
		time.Sleep(s.retryPause)
	}
}

// status asks the agent once. While the agent is away, or has just started and does not serve pods yet, a young heartbeat
// stands in for it, so that replacing the agent does not make the node NotReady: requests wait for the new one. The agent
// touches the heartbeat only while it serves pods.
func status(s settings, stdout int, message []byte) int {
	reply, err := exchange(s.socket(), message, -1, statusWithin)
	if err == nil && reply.exitCode == 0 {
		return finish(stdout, reply)
	}
	age, statErr := heartbeatAge(s)
	switch {
	case statErr == nil && age < heartbeatFor:
		return 0
	case err == nil:
		return finish(stdout, reply)
	case statErr != nil:
		return fail(stdout, codeNotAvailable,
			"the weft node agent does not answer and has left no heartbeat in "+s.heartbeat(), err.Error())
	default:
		return fail(stdout, codeNotAvailable,
			"the weft node agent does not answer; its last heartbeat was "+age.Truncate(time.Second).String()+" ago",
			err.Error())
	}
}

func heartbeatAge(s settings) (time.Duration, error) {
	var stat syscall.Stat_t
	if err := syscall.Stat(s.heartbeat(), &stat); err != nil {
		return 0, err
	}
	return time.Since(time.Unix(stat.Mtim.Sec, stat.Mtim.Nsec)), nil
}

func fail(stdout, code int, message, details string) int {
	out := append([]byte(nil), `{"cniVersion":"1.0.0","code":`...)
	out = appendInt(out, code)
	out = append(out, `,"msg":`...)
	out = appendString(out, message)
	out = append(out, `,"details":`...)
	out = appendString(out, details)
	out = append(out, '}')
	return finish(stdout, answer{1, string(out)})
}

func finish(stdout int, a answer) int {
	rest := []byte(a.stdout)
	for len(rest) > 0 {
		n, err := syscall.Write(stdout, rest)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return 1
		}
		rest = rest[n:]
	}
	return a.exitCode
}
