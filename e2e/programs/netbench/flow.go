package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// How long a flow waits for its first answer, and at its end for the last ones.
	firstAnswer = 30 * time.Second
	lastAnswers = 2 * time.Second
)

type flowResult struct {
	Sent    int     `json:"sent"`
	Lost    int     `json:"lost"`
	Longest float64 `json:"longestGapMillis"`
	Broken  string  `json:"broken,omitempty"`
}

// record keeps what came back of a flow.
type record struct {
	sync.Mutex
	answered map[uint64]bool
	last     time.Time
	longest  time.Duration
	broken   error
}

func (r *record) answer(sequence uint64, now time.Time) {
	r.Lock()
	defer r.Unlock()
	r.answered[sequence] = true
	r.extend(now)
}

// extend takes note of the time since the last answer.
func (r *record) extend(now time.Time) {
	if gap := now.Sub(r.last); !r.last.IsZero() && gap > r.longest {
		r.longest = gap
	}
	r.last = now
}

func (r *record) seen(sequence uint64) bool {
	r.Lock()
	defer r.Unlock()
	return r.answered[sequence]
}

// flow sends a numbered message each interval to netbench serve until it is told to stop (SIGTERM, SIGINT), and says
// how many were not answered and for how long nothing came. It counts from the first answer on.
func flow(args []string) (any, error) {
	flags := flag.NewFlagSet("flow", flag.ExitOnError)
	to := flags.String("to", "", "address:port of netbench serve")
	protocol := flags.String("protocol", "udp", "udp, or tcp for one long connection")
	interval := flags.Duration("interval", 50*time.Millisecond, "time between two messages")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)

	connection, err := connect(*protocol, *to)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	got := &record{answered: map[uint64]bool{}}
	go receive(connection, *protocol, got)

	send := func(sequence uint64) {
		message := binary.BigEndian.AppendUint64(nil, sequence)
		// A refused or unreachable datagram is a lost one; it shows by the missing answer.
		if _, err := connection.Write(message); err != nil && *protocol == "tcp" {
			got.Lock()
			got.broken = err
			got.Unlock()
		}
	}
	begin := time.Now()
	for sequence := uint64(1); !got.seen(0); sequence++ {
		if time.Since(begin) > firstAnswer {
			return nil, fmt.Errorf("%s did not answer within %s", *to, firstAnswer)
		}
		send(0)
		time.Sleep(*interval)
	}
	tick := time.NewTicker(*interval)
	defer tick.Stop()
	var sent uint64
	for running := true; running; {
		select {
		case <-stop:
			running = false
		case <-tick.C:
			sent++
			send(sent)
		}
	}
	for end := time.Now(); time.Since(end) < lastAnswers && !got.seen(sent); {
		time.Sleep(*interval)
	}
	got.Lock()
	defer got.Unlock()
	result := flowResult{Sent: int(sent)}
	for sequence := uint64(1); sequence <= sent; sequence++ {
		if !got.answered[sequence] {
			result.Lost++
		}
	}
	if !got.answered[sent] {
		got.extend(time.Now())
	}
	result.Longest = float64(got.longest.Microseconds()) / 1000
	if got.broken != nil {
		result.Broken = got.broken.Error()
	}
	return result, nil
}

// connect begins a flow; a server that is not there yet gets some time.
func connect(protocol, to string) (net.Conn, error) {
	begin := time.Now()
	for {
		connection, err := net.DialTimeout(protocol, to, time.Second)
		if err == nil && protocol == "tcp" {
			_, err = connection.Write([]byte{modeEcho})
		}
		if err == nil || time.Since(begin) > firstAnswer {
			return connection, err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// receive takes answers until the connection ends. TCP may split and join messages, so it is read in their length.
func receive(connection net.Conn, protocol string, got *record) {
	message := make([]byte, 8)
	filled := 0
	for {
		n, err := connection.Read(message[filled:])
		if err != nil {
			if protocol == "tcp" {
				got.Lock()
				got.broken = err
				got.Unlock()
				return
			}
			if errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(time.Millisecond) // an ICMP error of an earlier datagram
			continue
		}
		filled += n
		if filled == len(message) {
			filled = 0
			got.answer(binary.BigEndian.Uint64(message), time.Now())
		}
	}
}
