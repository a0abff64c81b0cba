package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A new connection that takes so long counts as timed out. The kernel sends a lost SYN again after one second.
const connectionTimeout = 5 * time.Second

// targetResult is what happened at one of the addresses.
type targetResult struct {
	To          string  `json:"to"`
	Connections int     `json:"connections"`
	Refused     int     `json:"refused"`
	Reset       int     `json:"reset"`
	TimedOut    int     `json:"timedOut"`
	Other       int     `json:"other"`
	FirstError  string  `json:"firstError,omitempty"`
	Took        latency `json:"took"`
	Long        int     `json:"long"`
	LongBroken  int     `json:"longBroken"`
	LongGap     float64 `json:"longGapMillis"`
	durations   []time.Duration
	sync.Mutex
}

func (t *targetResult) connected(took time.Duration, err error) {
	t.Lock()
	defer t.Unlock()
	t.Connections++
	if err == nil {
		t.durations = append(t.durations, took)
		return
	}
	if t.FirstError == "" {
		t.FirstError = time.Now().UTC().Format("15:04:05.000 ") + err.Error()
	}
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		t.Refused++
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		t.Reset++
	case errors.As(err, &timeout) && timeout.Timeout():
		t.TimedOut++
	default:
		t.Other++
	}
}

// load opens connections to netbench serve at a steady rate, and keeps others open and in use, all in turn over the
// addresses given, until it is told to stop (SIGTERM, SIGINT).
func load(args []string) (any, error) {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	to := flags.String("to", "", "address:port of netbench serve, several with commas between them")
	rate := flags.Int("rate", 1000, "new connections a second")
	long := flags.Int("long", 200, "connections that stay")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	var targets []*targetResult
	for _, address := range strings.Split(*to, ",") {
		targets = append(targets, &targetResult{To: address})
	}
	over := make(chan struct{})
	var group sync.WaitGroup
	for i := range *long {
		group.Add(1)
		go func() {
			defer group.Done()
			targets[i%len(targets)].stay(over)
		}()
	}
	// As many as may wait for an answer at a time.
	jobs := make(chan int, *rate)
	for range 64 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range jobs {
				begin := time.Now()
				_, err := whoAnswers(targets[i].To, connectionTimeout)
				targets[i].connected(time.Since(begin), err)
			}
		}()
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	begin, sent := time.Now(), 0
	for running := true; running; {
		select {
		case <-stop:
			running = false
		case <-tick.C:
			for ; sent < int(time.Since(begin).Seconds()*float64(*rate)); sent++ {
				select {
				case jobs <- sent % len(targets):
				default: // all workers wait for answers; the missing connections show in the count
				}
			}
		}
	}
	close(jobs)
	close(over)
	group.Wait()
	for _, target := range targets {
		target.Took = summarize(target.durations)
	}
	return map[string]any{"seconds": time.Since(begin).Seconds(), "targets": targets}, nil
}

// stay keeps one connection in use: a message each 100 ms, each answered before the next.
func (t *targetResult) stay(over chan struct{}) {
	connection, err := connect("tcp", t.To)
	t.Lock()
	t.Long++
	t.Unlock()
	if err == nil {
		defer connection.Close()
		err = t.exchange(connection, over)
	}
	if err != nil {
		t.Lock()
		defer t.Unlock()
		t.LongBroken++
		if t.FirstError == "" {
			t.FirstError = time.Now().UTC().Format("15:04:05.000 ") + "long connection: " + err.Error()
		}
	}
}

func (t *targetResult) exchange(connection net.Conn, over chan struct{}) error {
	message := make([]byte, 8)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for sequence := uint64(0); ; sequence++ {
		select {
		case <-over:
			return nil
		case <-tick.C:
		}
		before := time.Now()
		binary.BigEndian.PutUint64(message, sequence)
		_ = connection.SetDeadline(before.Add(20 * time.Second))
		if _, err := connection.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(connection, message); err != nil {
			return err
		}
		t.Lock()
		t.LongGap = max(t.LongGap, float64(time.Since(before).Microseconds())/1000)
		t.Unlock()
	}
}
