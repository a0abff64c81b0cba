package main

import (
	"flag"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// Attempts that are not answered for so long are not answered.
	closedAfter = 200 * time.Millisecond
	judged      = "netbench-judged"
)

// gate is what attempts at one address say of whether it can be reached now, by the time when they began.
type gate struct {
	sync.Mutex
	lastThrough time.Time // of those that got through, the latest begin
	through     []time.Time
}

func (g *gate) ended(begin time.Time, connected, refused bool) {
	if connected || refused {
		g.Lock()
		defer g.Unlock()
		g.through = append(g.through, begin)
		if begin.After(g.lastThrough) {
			g.lastThrough = begin
		}
	}
}

// closed tells when the gate closed, after that time; not yet if an attempt of late got through.
func (g *gate) closed(after time.Time) (time.Time, bool) {
	g.Lock()
	defer g.Unlock()
	last := g.lastThrough
	if last.Before(after) {
		last = after
	}
	return last, time.Since(last) > closedAfter
}

// opened tells when the first attempt since then began that got through.
func (g *gate) opened(after time.Time) (time.Time, bool) {
	g.Lock()
	defer g.Unlock()
	for i, begin := range g.through {
		if begin.After(after) {
			g.through = g.through[i:]
			return begin, true
		}
	}
	g.through = nil
	return time.Time{}, false
}

// policiesEnforced writes and deletes a policy, again and again, that forbids all traffic to the pods with the label
// netbench: judged, and tells how long after it began to be written the last of the addresses can no longer be reached,
// and likewise until all can be reached again. Connections are tried all the time; their pace is the resolution.
func policiesEnforced(args []string) (any, error) {
	flags := flag.NewFlagSet("policies-enforced", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "of the lab's admin")
	namespace := flags.String("namespace", "default", "of the pods that the policy selects")
	to := flags.String("to", "", "address:port of netbench serve in these pods, with commas between them")
	netns := flags.String("client-netns", "", "network namespace of who connects, a path")
	rounds := flags.Int("rounds", 100, "how many times")
	interval := flags.Duration("interval", 2*time.Millisecond, "time between two connections to an address")
	wait := flags.Duration("patience", 30*time.Second, "the longest time that a change may take")
	limit := flags.Duration("limit", 5*time.Minute, "after which no further round begins")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	client, err := openAPI(*kubeconfig, 2)
	if err != nil {
		return nil, err
	}
	over := make(chan struct{})
	defer close(over)
	var gates []*gate
	failures := make(chan error, 16)
	for _, address := range splitAddresses(*to) {
		g := &gate{}
		gates = append(gates, g)
		go func() {
			if err := enter(*netns); err != nil {
				failures <- err
				return
			}
			a, err := newAttempts(address, closedAfter, g.ended)
			if err == nil {
				err = a.run(*interval, over)
			}
			if err != nil {
				failures <- err
			}
		}()
	}
	begin := time.Now()
	var closing, opening, written []time.Duration
	if _, err := await(gates, begin, *wait, (*gate).opened); err != nil {
		return nil, fmt.Errorf("before the first policy: %w", err)
	}
	path := fmt.Sprintf(policiesPath, *namespace)
	for len(closing) < *rounds && time.Since(begin) < *limit {
		select {
		case err := <-failures:
			return nil, err
		default:
		}
		before := time.Now()
		if err := client.create(path, denyPolicy()); err != nil {
			return nil, err
		}
		written = append(written, time.Since(before))
		took, err := await(gates, before, *wait, (*gate).closed)
		if err != nil {
			return nil, fmt.Errorf("a policy was written: %w", err)
		}
		closing = append(closing, took)
		before = time.Now()
		if status, answer, err := client.send(http.MethodDelete, path+"/"+judged, object{}); err != nil || status >= 300 {
			return nil, fmt.Errorf("delete the policy: status %d: %.300s: %w", status, answer, err)
		}
		took, err = await(gates, before, *wait, (*gate).opened)
		if err != nil {
			return nil, fmt.Errorf("a policy was deleted: %w", err)
		}
		opening = append(opening, took)
	}
	return map[string]latency{"closing": summarize(closing), "opening": summarize(opening), "write": summarize(written)}, nil
}

// await waits until all gates have changed; it returns the time until the last one did.
func await(gates []*gate, since time.Time, patience time.Duration, changed func(*gate, time.Time) (time.Time, bool)) (time.Duration, error) {
	var longest time.Duration
	for _, g := range gates {
		for {
			at, done := changed(g, since)
			if done {
				longest = max(longest, at.Sub(since))
				break
			}
			if time.Since(since) > patience {
				return 0, fmt.Errorf("nothing changed within %s", patience)
			}
			time.Sleep(time.Millisecond)
		}
	}
	return longest, nil
}

func denyPolicy() object {
	return object{
		"metadata": object{"name": judged},
		"spec": object{
			"podSelector": object{"matchLabels": object{"netbench": "judged"}},
			"policyTypes": []string{"Ingress"},
		},
	}
}
