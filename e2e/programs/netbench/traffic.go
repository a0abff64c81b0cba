package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// The first byte of a connection says what the server does with the rest.
const (
	modeSink = 's' // read and throw away
	modeEcho = 'e' // answer each byte
	modeWho  = 'w' // answer the server's own address of this connection and close
)

// How long a connection that is to be measured is tried for.
const patience = 30 * time.Second

// serve answers until it is told to stop (SIGTERM, SIGINT).
func serve(args []string) (any, error) {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	listen := flags.String("listen", "", "address:port")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return nil, err
	}
	datagrams, err := net.ListenPacket("udp", *listen)
	if err != nil {
		return nil, err
	}
	go echo(datagrams)
	fmt.Fprintln(os.Stderr, "ready")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	go func() {
		<-stop
		datagrams.Close()
		listener.Close()
	}()
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return map[string]string{"stopped": *listen}, nil
		}
		if err != nil {
			return nil, err
		}
		go answer(connection)
	}
}

func echo(datagrams net.PacketConn) {
	buffer := make([]byte, 1<<16)
	for {
		n, from, err := datagrams.ReadFrom(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			_, _ = datagrams.WriteTo(buffer[:n], from)
		}
	}
}

func answer(connection net.Conn) {
	defer connection.Close()
	mode := make([]byte, 1)
	if _, err := io.ReadFull(connection, mode); err != nil {
		return
	}
	if mode[0] == modeWho {
		_, _ = connection.Write(connection.LocalAddr().(*net.TCPAddr).AddrPort().Addr().Unmap().AsSlice())
		// The client ends the connection, without a rest in TIME_WAIT.
		_ = connection.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, _ = connection.Read(mode)
		return
	}
	buffer := make([]byte, 1<<18)
	for {
		n, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if mode[0] == modeEcho {
			if _, err := connection.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
}

func dial(args []string, name string, mode byte) (net.Conn, time.Duration, error) {
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	to := flags.String("to", "", "address:port of netbench serve")
	seconds := flags.Float64("seconds", 5, "how long")
	if err := flags.Parse(args); err != nil {
		return nil, 0, err
	}
	connection, err := net.DialTimeout("tcp", *to, 5*time.Second)
	// A proxy that is at work may refuse for a while; how many connections it refused is connect's figure.
	for begin := time.Now(); err != nil && time.Since(begin) < patience; {
		time.Sleep(100 * time.Millisecond)
		connection, err = net.DialTimeout("tcp", *to, 5*time.Second)
	}
	if err != nil {
		return nil, 0, err
	}
	_, err = connection.Write([]byte{mode})
	return connection, time.Duration(*seconds * float64(time.Second)), err
}

type streamResult struct {
	GbitPerSecond float64 `json:"gbitPerSecond"`
}

func stream(args []string) (any, error) {
	connection, length, err := dial(args, "stream", modeSink)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	buffer := make([]byte, 1<<18)
	var sent int64
	start := time.Now()
	for time.Since(start) < length {
		n, err := connection.Write(buffer)
		if err != nil {
			return nil, err
		}
		sent += int64(n)
	}
	return streamResult{float64(sent) * 8 / time.Since(start).Seconds() / 1e9}, nil
}

func requestResponse(args []string) (any, error) {
	connection, length, err := dial(args, "rr", modeEcho)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if err := connection.(*net.TCPConn).SetNoDelay(true); err != nil {
		return nil, err
	}
	var durations []time.Duration
	one := make([]byte, 1)
	for start := time.Now(); time.Since(start) < length; {
		before := time.Now()
		if _, err := connection.Write(one); err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(connection, one); err != nil {
			return nil, err
		}
		durations = append(durations, time.Since(before))
	}
	return summarize(durations), nil
}

type connectResult struct {
	Connect   latency `json:"connect"`
	PerSecond float64 `json:"perSecond"`
	Failed    int     `json:"failed"`
}

// connectMany opens and resets connections, so many at the same time, and tells how long each took to be established.
func connectMany(args []string) (any, error) {
	flags := flag.NewFlagSet("connect", flag.ExitOnError)
	to := flags.String("to", "", "address:port")
	seconds := flags.Float64("seconds", 3, "how long")
	parallel := flags.Int("parallel", 1, "at the same time")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	var lock sync.Mutex
	var group sync.WaitGroup
	var durations []time.Duration
	failed := 0
	begin := time.Now()
	for range *parallel {
		group.Add(1)
		go func() {
			defer group.Done()
			var mine []time.Duration
			errors := 0
			for time.Since(begin).Seconds() < *seconds {
				before := time.Now()
				connection, err := net.DialTimeout("tcp", *to, time.Second)
				if err != nil {
					errors++
					continue
				}
				mine = append(mine, time.Since(before))
				_ = connection.(*net.TCPConn).SetLinger(0)
				connection.Close()
			}
			lock.Lock()
			defer lock.Unlock()
			durations = append(durations, mine...)
			failed += errors
		}()
	}
	group.Wait()
	if len(durations) == 0 {
		return nil, fmt.Errorf("no connection to %s", *to)
	}
	return connectResult{summarize(durations), float64(len(durations)) / time.Since(begin).Seconds(), failed}, nil
}
