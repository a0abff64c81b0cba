package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type resolveResult struct {
	Asked     int     `json:"asked"`
	Answered  int     `json:"answered"`
	TimedOut  int     `json:"timedOut"`
	Refused   int     `json:"refused"`
	Wrong     int     `json:"wrong"`
	LastWrong string  `json:"lastWrong"`
	MaxMillis float64 `json:"maxMillis"`
	// The longest time between two answers.
	LongestGapMillis float64 `json:"longestGapMillis"`
}

// resolve asks a DNS server for the A records of a name until it is told to stop (SIGTERM, SIGINT): each question from a
// new socket and once only, as a resolver would that does not try again. What is no answer with a record is counted.
func resolve(args []string) (any, error) {
	flags := flag.NewFlagSet("resolve", flag.ExitOnError)
	to := flags.String("to", "", "address:port of the DNS server")
	name := flags.String("name", "kubernetes.default.svc.cluster.local", "whose A records to ask for")
	netns := flags.String("netns", "", "network namespace, a path; empty for this one")
	interval := flags.Duration("interval", 5*time.Millisecond, "time between two")
	patience := flags.Duration("patience", 2*time.Second, "after which a question counts as not answered")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if err := enter(*netns); err != nil {
		return nil, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	var lock sync.Mutex
	var open sync.WaitGroup
	result := resolveResult{}
	last := time.Now()
	tick := time.NewTicker(*interval)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			open.Wait()
			return result, nil
		case <-tick.C:
		}
		result.Asked++
		id := uint16(result.Asked)
		// The socket belongs to the namespace of the thread that makes it.
		connection, err := net.Dial("udp", *to)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		go func() {
			defer open.Done()
			defer connection.Close()
			begin := time.Now()
			wrong, err := resolveOnce(connection, id, *name, *patience)
			now := time.Now()
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil && wrong == "":
				result.Answered++
				result.MaxMillis = max(result.MaxMillis, now.Sub(begin).Seconds()*1000)
				result.LongestGapMillis = max(result.LongestGapMillis, now.Sub(last).Seconds()*1000)
				last = now
			case wrong != "":
				result.Wrong++
				result.LastWrong = wrong
			case errors.Is(err, os.ErrDeadlineExceeded):
				result.TimedOut++
			default:
				result.Refused++
			}
		}()
	}
}

// resolveOnce says what is wrong with the answer, if one came.
func resolveOnce(connection net.Conn, id uint16, name string, patience time.Duration) (string, error) {
	query := binary.BigEndian.AppendUint16(nil, id)
	query = append(query, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0)
	for _, label := range strings.Split(name, ".") {
		query = append(append(query, byte(len(label))), label...)
	}
	query = append(query, 0, 0, 1, 0, 1)
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := connection.Write(query); err != nil {
		return "", err
	}
	answer := make([]byte, 1500)
	n, err := connection.Read(answer)
	if err != nil {
		return "", err
	}
	if n < 12 || binary.BigEndian.Uint16(answer) != id {
		return "another message", nil
	}
	if code := answer[3] & 15; code != 0 {
		return "rcode " + string(rune('0'+code)), nil
	}
	if binary.BigEndian.Uint16(answer[6:]) == 0 {
		return "no records", nil
	}
	return "", nil
}
