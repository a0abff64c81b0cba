package main

import (
	"flag"
	"net"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

type askResult struct {
	Asked    int64 `json:"asked"`
	Answered int64 `json:"answered"`
}

// ask sends datagrams to netbench serve until it is told to stop (SIGTERM, SIGINT): all from one socket, as a resolver
// that stays does, or each from a new one, as most programs do. Answers are counted, not waited for.
func ask(args []string) (any, error) {
	flags := flag.NewFlagSet("ask", flag.ExitOnError)
	to := flags.String("to", "", "address:port of netbench serve")
	interval := flags.Duration("interval", 5*time.Millisecond, "time between two")
	fresh := flags.Bool("fresh", false, "each from a new socket")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	result := askResult{}
	receive := func(connection net.Conn) {
		answer := make([]byte, 64)
		for {
			n, err := connection.Read(answer)
			if n > 0 {
				atomic.AddInt64(&result.Answered, 1)
			}
			if e, ok := err.(net.Error); err != nil && (!ok || e.Timeout() || *fresh) {
				return
			}
		}
	}
	var connection net.Conn
	tick := time.NewTicker(*interval)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			time.Sleep(100 * time.Millisecond)
			return askResult{result.Asked, atomic.LoadInt64(&result.Answered)}, nil
		case <-tick.C:
		}
		if connection == nil || *fresh {
			opened, err := net.Dial("udp", *to)
			if err != nil {
				return nil, err
			}
			connection = opened
			if *fresh {
				_ = opened.SetReadDeadline(time.Now().Add(time.Second))
				go func() {
					receive(opened)
					opened.Close()
				}()
			} else {
				go receive(opened)
			}
		}
		result.Asked++
		_, _ = connection.Write([]byte("question")) // refused ones show as not answered
	}
}
