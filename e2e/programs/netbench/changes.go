package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

const (
	// Between two looks at whether a change is in force.
	changeLook = time.Millisecond
	// After which a change that is not in force has failed.
	changePatience = 60 * time.Second
	// No old answer may come for so long after the last one.
	changeSettled = 200 * time.Millisecond
)

type changesResult struct {
	Count      int     `json:"count"`
	Failed     int     `json:"failed"`
	Refused    int     `json:"refused"`
	FirstError string  `json:"firstError,omitempty"`
	First      latency `json:"first"`
	Last       latency `json:"last"`
}

// changes changes where a route leads to, back and forth, and asks on new connections until the answer is the new one:
// how long it takes from before the change is made to the first new answer, and to the last old one.
func changes(args []string) (any, error) {
	flags := flag.NewFlagSet("changes", flag.ExitOnError)
	to := flags.String("to", "", "address:port")
	host := flags.String("host", "", "the Host")
	answers := flags.String("answers", "", "the bodies, with a comma between: before all, and after the first change")
	back := flags.String("back", "", "a line for the shell that brings the first answer, or a merge patch of the object")
	forth := flags.String("forth", "", "likewise for the second answer")
	kubeconfig := flags.String("kubeconfig", "", "patch an object instead of running lines")
	object := flags.String("object", "", "its path at the API server")
	count := flags.Int("count", 50, "changes")
	pause := flags.Duration("pause", 300*time.Millisecond, "between two, at least; at most three times as much")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	before, after, two := strings.Cut(*answers, ",")
	if !two {
		return nil, fmt.Errorf("two answers, not %q", *answers)
	}
	apply := shell
	if *kubeconfig != "" {
		a, err := openAPI(*kubeconfig, 1)
		if err != nil {
			return nil, err
		}
		apply = func(text string) error { return patch(a, *object, text) }
	}
	random := rand.New(rand.NewPCG(1, 2))
	bodies, texts := []string{before, after}, []string{*back, *forth}
	result := changesResult{}
	var first, last []time.Duration
	for i := range *count {
		wanted := (i + 1) % 2
		// What looks at fixed times must not always be met at the same moment.
		time.Sleep(*pause + time.Duration(random.Int64N(int64(2**pause))))
		one, all, refused, err := change(*to, *host, func() error { return apply(texts[wanted]) }, bodies[1-wanted], bodies[wanted])
		result.Count++
		result.Refused += refused
		if err != nil {
			if result.Failed++; result.FirstError == "" {
				result.FirstError = time.Now().UTC().Format("15:04:05.000 ") + err.Error()
			}
			continue
		}
		first, last = append(first, one), append(last, all)
	}
	result.First, result.Last = summarize(first), summarize(last)
	return result, nil
}

// change makes one, and returns when the first new answer and the last old one came, and how often there was none.
func change(to, host string, apply func() error, was, wanted string) (first, last time.Duration, refused int, err error) {
	begin := time.Now()
	made := make(chan error, 1)
	go func() { made <- apply() }()
	var isMade bool
	for {
		select {
		case err := <-made:
			if err != nil {
				return 0, 0, refused, err
			}
			isMade = true
		default:
		}
		body, err := askOnce(to, host)
		now := time.Since(begin)
		switch {
		case err != nil:
			refused++
		case body == wanted && first == 0:
			first = now
		case body == was:
			last = now
		case body != wanted:
			return 0, 0, refused, fmt.Errorf("neither %s nor %s: %q", was, wanted, body)
		}
		if first > 0 && isMade && now-max(first, last) > changeSettled {
			return first, max(first, last), refused, nil
		}
		if now > changePatience {
			return 0, 0, refused, errors.Join(fmt.Errorf("still not %s, but %q", wanted, body), err)
		}
		time.Sleep(changeLook)
	}
}

func shell(line string) error {
	output, err := exec.Command("sh", "-c", line).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", line, err, output)
	}
	return nil
}

func patch(a *api, object, text string) error {
	status, answer, err := a.sendAs(http.MethodPatch, object, "application/merge-patch+json", json.RawMessage(text))
	if err == nil && status >= 300 {
		err = fmt.Errorf("patch %s: status %d: %.300s", object, status, answer)
	}
	return err
}

// askOnce asks on a connection of its own: one that is kept may belong to a worker that is about to end.
func askOnce(to, host string) (string, error) {
	connection, err := net.DialTimeout("tcp", to, webPatience)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(webPatience))
	if _, err := io.WriteString(connection, "GET / HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n"); err != nil {
		return "", err
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("answered %s", response.Status)
	}
	return string(body), nil
}
