package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// How many WebSockets are opened at the same time.
	socketOpeners = 32
	// A final frame that closes, and the length of its payload when that is told by two bytes more; RFC 6455, section 5.
	frameClose  = 0x88
	frameLonger = 126
)

var errNoEcho = errors.New("no echo")

type socketsResult struct {
	Opened int `json:"opened"`
	// Not opened.
	Failed int `json:"failed"`
	// Messages that came back.
	Echoed int `json:"echoed"`
	// WebSockets that are open at the end.
	Open       int            `json:"open"`
	Ended      []*socketsEnds `json:"ended"`
	FirstError string         `json:"firstError,omitempty"`
	// From a message to its echo.
	Took latency `json:"took"`
}

// socketsEnds is how many WebSockets ended in the same way in the same second.
type socketsEnds struct {
	How        string `json:"how"`
	UnixSecond int64  `json:"unixSecond"`
	Count      int    `json:"count"`
}

// manySockets opens WebSockets at a steady rate, and sends a message over each from time to time.
type manySockets struct {
	to       []string
	exchange webExchange
	interval time.Duration
	sync.Mutex
	result socketsResult
	took   []time.Duration
}

// sockets opens WebSockets to netbench web-echo, says "ready" on stderr when there are no more to open, and keeps them, with
// a message each interval, until it is told to stop (SIGTERM, SIGINT). One that ends is not opened again.
func sockets(args []string) (any, error) {
	flags := flag.NewFlagSet("sockets", flag.ExitOnError)
	to := flags.String("to", "", "address:port, several with commas between them")
	host := flags.String("host", "", "the Host")
	path := flags.String("path", "/", "the path")
	count := flags.Int("count", 5000, "how many")
	rate := flags.Float64("rate", 250, "how many are opened a second")
	interval := flags.Duration("interval", 20*time.Second, "between two messages of one")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if *rate <= 0 {
		return nil, fmt.Errorf("the rate must be above 0, not %g", *rate)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	m := &manySockets{to: strings.Split(*to, ","), exchange: socketExchange(*host, *path), interval: *interval}
	m.open(*count, time.Duration(float64(time.Second) / *rate))
	fmt.Fprintln(os.Stderr, "ready")
	<-stop
	return m.seen(), nil
}

// open returns when all were opened, or could not be.
func (m *manySockets) open(count int, interval time.Duration) {
	due := make(chan time.Time, count)
	begin := time.Now()
	for i := range count {
		due <- begin.Add(time.Duration(i) * interval)
	}
	close(due)
	var group sync.WaitGroup
	for i := range socketOpeners {
		group.Go(func() {
			address := m.to[i%len(m.to)]
			for at := range due {
				time.Sleep(time.Until(at))
				connection, err := m.greet(address)
				m.opened(err)
				if err == nil {
					go func() { m.ended(m.keep(connection)) }()
				}
			}
		})
	}
	group.Wait()
}

func (m *manySockets) opened(err error) {
	m.Lock()
	defer m.Unlock()
	if err == nil {
		m.result.Opened++
		return
	}
	m.result.Failed++
	m.failed(fmt.Errorf("opening: %w", err))
}

func (m *manySockets) failed(err error) {
	if m.result.FirstError == "" {
		m.result.FirstError = time.Now().UTC().Format("15:04:05.000 ") + err.Error()
	}
}

func (m *manySockets) greet(address string) (net.Conn, error) {
	connection, err := net.DialTimeout("tcp", address, requestPatience)
	if err != nil {
		return nil, err
	}
	_ = connection.SetDeadline(time.Now().Add(requestPatience))
	err = func() error {
		if _, err := connection.Write(m.exchange.greeting); err != nil {
			return err
		}
		got := make([]byte, 0, 1024)
		for {
			n, err := connection.Read(got[len(got):cap(got)])
			if err != nil {
				return err
			}
			got = got[:len(got)+n]
			if done, err := m.exchange.greeted(got); done || err != nil {
				return err
			}
		}
	}()
	if err != nil {
		connection.Close()
		return nil, err
	}
	_ = connection.SetDeadline(time.Time{})
	return connection, nil
}

// keep sends a message each interval, until the WebSocket ends; it returns how.
func (m *manySockets) keep(connection net.Conn) error {
	defer connection.Close()
	for {
		if _, err := connection.Write(m.exchange.request); err != nil {
			return err
		}
		sent := time.Now()
		_ = connection.SetReadDeadline(sent.Add(requestPatience))
		message, err := readFrame(connection)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return errNoEcho
		}
		if err != nil {
			return err
		}
		if !bytes.Equal(message, socketMessage) {
			return fmt.Errorf("echoed %q", message)
		}
		m.echoed(time.Since(sent))
		_ = connection.SetReadDeadline(sent.Add(m.interval))
		if _, err := readFrame(connection); err == nil {
			return errors.New("a message that nobody asked for")
		} else if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
}

func (m *manySockets) echoed(took time.Duration) {
	m.Lock()
	defer m.Unlock()
	m.result.Echoed++
	m.took = append(m.took, took)
}

// closeFrame is that the other side closes by the protocol, with its status code (RFC 6455, section 7.4), or 1005 if there
// is none.
type closeFrame uint16

func (c closeFrame) Error() string { return fmt.Sprintf("close frame %d", uint16(c)) }

// readFrame reads a short frame that is not masked, as servers send them.
func readFrame(from io.Reader) ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	if head[1] >= frameLonger {
		return nil, fmt.Errorf("no frame of this program: % x", head)
	}
	payload := make([]byte, head[1])
	if _, err := io.ReadFull(from, payload); err != nil {
		return nil, err
	}
	switch head[0] {
	case frameBinary:
		return payload, nil
	case frameClose:
		if len(payload) < 2 {
			return nil, closeFrame(1005)
		}
		return nil, closeFrame(binary.BigEndian.Uint16(payload))
	}
	return nil, fmt.Errorf("no frame of this program: % x", head)
}

func (m *manySockets) ended(err error) {
	how := socketEnd(err)
	second := time.Now().Unix()
	m.Lock()
	defer m.Unlock()
	if how == "other" {
		m.failed(err)
	}
	for _, ends := range m.result.Ended {
		if ends.How == how && ends.UnixSecond == second {
			ends.Count++
			return
		}
	}
	m.result.Ended = append(m.result.Ended, &socketsEnds{how, second, 1})
}

// socketEnd is how a WebSocket ended, in a few words.
func socketEnd(err error) string {
	var frame closeFrame
	switch {
	case errors.As(err, &frame):
		return frame.Error()
	case errors.Is(err, io.EOF):
		return "closed"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, errNoEcho):
		return errNoEcho.Error()
	}
	return "other"
}

func (m *manySockets) seen() socketsResult {
	m.Lock()
	defer m.Unlock()
	result := m.result
	result.Open = result.Opened
	for _, ends := range result.Ended {
		result.Open -= ends.Count
	}
	sort.SliceStable(result.Ended, func(i, j int) bool { return result.Ended[i].UnixSecond < result.Ended[j].UnixSecond })
	result.Took = summarize(m.took)
	return result
}
