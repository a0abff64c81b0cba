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
	// Of the first record of the latest answer, in seconds.
	Ttl uint32 `json:"ttl"`
}

// resolve asks a DNS server for the A records of a name, a number of times or until it is told to stop (SIGTERM, SIGINT):
// each question from a new socket and once only, as a resolver would that does not try again. What is no answer with a record is counted.
func resolve(args []string) (any, error) {
	flags := flag.NewFlagSet("resolve", flag.ExitOnError)
	to := flags.String("to", "", "address:port of the DNS server")
	name := flags.String("name", "kubernetes.default.svc.cluster.local", "whose A records to ask for")
	interval := flags.Duration("interval", 5*time.Millisecond, "time between two")
	count := flags.Int("count", 0, "how many questions; 0 for no end")
	patience := flags.Duration("patience", 2*time.Second, "after which a question counts as not answered")
	if err := flags.Parse(args); err != nil {
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
		if *count > 0 && result.Asked == *count {
			open.Wait()
			return result, nil
		}
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
			ttl, wrong, err := resolveOnce(connection, id, *name, *patience)
			now := time.Now()
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil && wrong == "":
				result.Answered++
				result.Ttl = ttl
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

// resolveOnce returns the TTL of the first record, or says what is wrong with the answer, if one came.
func resolveOnce(connection net.Conn, id uint16, name string, patience time.Duration) (uint32, string, error) {
	query := binary.BigEndian.AppendUint16(nil, id)
	query = append(query, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0)
	for _, label := range strings.Split(name, ".") {
		query = append(append(query, byte(len(label))), label...)
	}
	query = append(query, 0, 0, 1, 0, 1)
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, "", err
	}
	if _, err := connection.Write(query); err != nil {
		return 0, "", err
	}
	answer := make([]byte, 1500)
	n, err := connection.Read(answer)
	if err != nil {
		return 0, "", err
	}
	if n < 12 || binary.BigEndian.Uint16(answer) != id {
		return 0, "another message", nil
	}
	if code := answer[3] & 15; code != 0 {
		return 0, "rcode " + string(rune('0'+code)), nil
	}
	if binary.BigEndian.Uint16(answer[6:]) == 0 {
		return 0, "no records", nil
	}
	ttl, ok := firstTtl(answer[:n], len(query))
	if !ok {
		return 0, "a record that is cut off", nil
	}
	return ttl, "", nil
}

// firstTtl reads the TTL of the record that starts there (RFC 1035, section 4.1.3).
func firstTtl(message []byte, at int) (uint32, bool) {
	for at < len(message) && message[at] != 0 && message[at] < 0xc0 {
		at += int(message[at]) + 1
	}
	if at < len(message) && message[at] >= 0xc0 {
		at++
	}
	at += 1 + 2 + 2
	if at+4 > len(message) {
		return 0, false
	}
	return binary.BigEndian.Uint32(message[at:]), true
}
