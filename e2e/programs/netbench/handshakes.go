package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

type handshakesResult struct {
	Count      int     `json:"count"`
	Failed     int     `json:"failed"`
	FirstError string  `json:"firstError,omitempty"`
	PerSecond  float64 `json:"perSecond"`
	Took       latency `json:"took"`
}

// handshakes opens TLS connections one after the other, several beside each other: full handshakes of TLS 1.3, nothing is
// resumed. Each is closed at once.
func handshakes(args []string) (any, error) {
	flags := flag.NewFlagSet("handshakes", flag.ExitOnError)
	to := flags.String("to", "", "address:port")
	name := flags.String("name", "", "of the server (SNI)")
	parallel := flags.Int("parallel", 16, "how many at once")
	seconds := flags.Float64("seconds", 4, "how long")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	config := &tls.Config{
		ServerName: *name, MinVersion: tls.VersionTLS13,
		// Who signed the certificate is not what is measured; that it is the server's own, and the handshake whole, is
		// verified. X25519 is what all of the servers have.
		InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{tls.X25519}, NextProtos: []string{"http/1.1"},
	}
	var lock sync.Mutex
	var durations []time.Duration
	result := handshakesResult{}
	begin := time.Now()
	var group sync.WaitGroup
	for range *parallel {
		group.Add(1)
		go func() {
			defer group.Done()
			for time.Since(begin).Seconds() < *seconds {
				took, err := handshake(*to, config)
				lock.Lock()
				if err == nil {
					durations = append(durations, took)
				} else if result.Failed++; result.FirstError == "" {
					result.FirstError = err.Error()
				}
				lock.Unlock()
			}
		}()
	}
	group.Wait()
	result.Count = len(durations)
	result.PerSecond = float64(len(durations)) / time.Since(begin).Seconds()
	result.Took = summarize(durations)
	return result, nil
}

func handshake(to string, config *tls.Config) (time.Duration, error) {
	begin := time.Now()
	connection, err := net.DialTimeout("tcp", to, webPatience)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	if tcp, is := connection.(*net.TCPConn); is {
		_ = tcp.SetLinger(0) // no TIME_WAIT: there are more connections than ports
	}
	_ = connection.SetDeadline(begin.Add(webPatience))
	client := tls.Client(connection, config)
	if err := client.Handshake(); err != nil {
		return 0, err
	}
	if client.ConnectionState().DidResume {
		return 0, errors.New("resumed")
	}
	return time.Since(begin), nil
}

type fetchResult struct {
	Answers    int     `json:"answers"`
	Failed     int     `json:"failed"`
	FirstError string  `json:"firstError,omitempty"`
	PerSecond  float64 `json:"bytesPerSecond"`
}

// fetch asks for something long again and again, over several connections that stay, and reads it in large pieces.
func fetch(args []string) (any, error) {
	flags := flag.NewFlagSet("fetch", flag.ExitOnError)
	to := flags.String("to", "", "address:port")
	host := flags.String("host", "", "the Host")
	path := flags.String("path", "/", "the path")
	parallel := flags.Int("connections", 8, "connections")
	seconds := flags.Float64("seconds", 4, "how long")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	var lock sync.Mutex
	result, all := fetchResult{}, 0
	begin := time.Now()
	end := begin.Add(time.Duration(*seconds * float64(time.Second)))
	var group sync.WaitGroup
	for range *parallel {
		group.Add(1)
		go func() {
			defer group.Done()
			answers, length, err := fetchUntil(end, *to, httpExchange(*host, *path).request)
			lock.Lock()
			defer lock.Unlock()
			result.Answers += answers
			all += length
			if err != nil {
				if result.Failed++; result.FirstError == "" {
					result.FirstError = err.Error()
				}
			}
		}()
	}
	group.Wait()
	result.PerSecond = float64(all) / time.Since(begin).Seconds()
	return result, nil
}

func fetchUntil(end time.Time, to string, request []byte) (answers, length int, err error) {
	connection, err := net.Dial("tcp", to)
	if err != nil {
		return 0, 0, err
	}
	defer connection.Close()
	buffer := make([]byte, 1<<18)
	for time.Now().Before(end) {
		_ = connection.SetDeadline(time.Now().Add(webPatience))
		if _, err := connection.Write(request); err != nil {
			return answers, length, err
		}
		filled, left := 0, -1
		for left != 0 {
			n, err := connection.Read(buffer[filled:])
			if err != nil {
				return answers, length, err
			}
			length += n
			if left > 0 {
				if left -= n; left < 0 {
					return answers, length, errors.New("longer than it said")
				}
				continue
			}
			filled += n
			body, err := fetchLeft(buffer[:filled])
			if err != nil {
				return answers, length, err
			}
			if left = body; left >= 0 {
				filled = 0
			}
		}
		answers++
	}
	return answers, length, nil
}

// fetchLeft is how much of an answer is still to come, or -1 if its head is not complete.
func fetchLeft(got []byte) (int, error) {
	whole, _, err := httpLength(got)
	if err != nil || whole == 0 {
		return -1, err
	}
	if len(got) > whole {
		return 0, fmt.Errorf("%d bytes after the end: %w", len(got)-whole, io.ErrShortBuffer)
	}
	return whole - len(got), nil
}
