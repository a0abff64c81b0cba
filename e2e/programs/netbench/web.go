package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// How long answers are waited for after the last request.
	webPatience = 5 * time.Second
	// Between two tries to open a connection that was refused.
	webAgain = time.Millisecond
	// Latencies that are kept, when it is not known how many will come.
	webKept = 1 << 21
)

// webResult is what became of requests that were due at fixed times.
type webResult struct {
	Seconds    float64 `json:"seconds"`
	Due        int     `json:"due"`
	Answered   int     `json:"answered"`
	Unsent     int     `json:"unsent"`
	Unanswered int     `json:"unanswered"`
	Wrong      int     `json:"wrong"`
	Reset      int     `json:"reset"`
	Refused    int     `json:"refused"`
	Closed     int     `json:"closedIdle"`
	FirstError string  `json:"firstError,omitempty"`
	PerSecond  float64 `json:"perSecond"`
	Took       latency `json:"took"`
	Late       latency `json:"late"`
}

// webConnection carries one request at a time.
type webConnection struct {
	fd     int
	asked  int // the request under way, or -1
	buffer []byte
	filled int
}

// webLoad is one loop over all connections: what it costs itself is little, since it shares a core with others.
type webLoad struct {
	exchange    webExchange
	address     unix.SockaddrInet4
	epoll       int
	connections map[int32]*webConnection
	free        []*webConnection // in the order in which they became free
	closed      int              // to be opened again
	reopened    time.Time
	begin       time.Time
	interval    time.Duration // 0: as soon as a connection is free
	next        int           // the first request that was not sent
	took, late  []time.Duration
	result      webResult
}

// web sends small requests at a fixed rate over connections that stay open, or as fast as they are answered, until its
// time is over or it is told to stop (SIGTERM, SIGINT). Latencies count from the moment at which a request was due, so
// that a server that stops for a while is charged for all who would have asked meanwhile. Without a rate they count from
// when it was sent.
func web(args []string) (any, error) {
	flags := flag.NewFlagSet("web", flag.ExitOnError)
	to := flags.String("to", "", "IPv4 address:port")
	host := flags.String("host", "", "the Host")
	path := flags.String("path", "/", "the path")
	rate := flags.Float64("rate", 0, "a second; 0: as fast as they are answered")
	count := flags.Int("connections", 64, "connections")
	seconds := flags.Float64("seconds", 5, "how long; 0: until told to stop")
	socket := flags.Bool("websocket", false, "messages over WebSockets, each echoed, instead of requests")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	address, err := webAddress(*to)
	if err != nil {
		return nil, err
	}
	load := &webLoad{address: address, connections: map[int32]*webConnection{}, closed: *count, exchange: httpExchange(*host, *path)}
	if *socket {
		load.exchange = socketExchange(*host, *path)
	}
	kept := webKept
	if *rate > 0 {
		load.interval = time.Duration(float64(time.Second) / *rate)
		if *seconds > 0 {
			kept = int(*rate**seconds) + 1
		}
	}
	load.took, load.late = make([]time.Duration, 0, kept), make([]time.Duration, 0, kept)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	// Timers of a thread may else be 50 us late, see PR_SET_TIMERSLACK in prctl(2).
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	return load.run(time.Duration(*seconds*float64(time.Second)), *count, stop)
}

func (l *webLoad) run(length time.Duration, count int, stop chan os.Signal) (any, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	l.epoll = epoll
	for begin := time.Now(); l.closed > 0; {
		l.open()
		if l.closed == count && time.Since(begin) > webPatience {
			return nil, fmt.Errorf("no connection: %s", l.result.FirstError)
		}
	}
	l.result = webResult{}
	l.begin = time.Now()
	var end time.Duration
	events := make([]unix.EpollEvent, 256)
	for end == 0 {
		now := time.Since(l.begin)
		select {
		case <-stop:
			end = now
			continue
		default:
		}
		if length > 0 && now >= length {
			end = now
			continue
		}
		l.open()
		l.send(now)
		l.receive(events, l.until(now, length))
	}
	if l.interval > 0 {
		l.result.Due = int(end / l.interval)
		l.result.Unsent = max(0, l.result.Due-l.next)
		// They would have waited for so long at least.
		for ; l.next < l.result.Due; l.next++ {
			l.took = append(l.took, end-time.Duration(l.next)*l.interval)
		}
	} else {
		l.result.Due = l.next
	}
	for len(l.free)+l.closed < count && time.Since(l.begin) < end+webPatience {
		l.receive(events, 10*time.Millisecond)
	}
	l.result.Unanswered = count - len(l.free) - l.closed
	l.result.Seconds = end.Seconds()
	l.result.PerSecond = float64(l.result.Answered) / time.Since(l.begin).Seconds()
	l.result.Took, l.result.Late = summarize(l.took), summarize(l.late)
	return l.result, nil
}

// until is how long nothing has to be sent.
func (l *webLoad) until(now, length time.Duration) time.Duration {
	wait := 10 * time.Millisecond
	if length > 0 {
		wait = min(wait, length-now)
	}
	if l.closed > 0 {
		wait = min(wait, webAgain)
	}
	if l.interval > 0 && len(l.free) > 0 {
		wait = min(wait, time.Duration(l.next)*l.interval-now)
	}
	return max(wait, 0)
}

// send sends what is due while there are connections for it.
func (l *webLoad) send(now time.Duration) {
	for len(l.free) > 0 {
		due := now
		if l.interval > 0 {
			if due = time.Duration(l.next) * l.interval; due > now {
				return
			}
		}
		c := l.free[0]
		l.free = l.free[1:]
		if l.interval == 0 {
			l.late = append(l.late, now) // here it is the moment of sending
		} else {
			l.late = append(l.late, now-due)
		}
		c.asked = l.next
		l.next++
		if n, err := unix.Write(c.fd, l.exchange.request); err != nil || n < len(l.exchange.request) {
			l.broken(c, fmt.Errorf("write: %w", errOr(err, "not taken at once")))
		}
	}
}

// receive waits for answers and takes them.
func (l *webLoad) receive(events []unix.EpollEvent, wait time.Duration) {
	n := epollWait(l.epoll, events, wait)
	for _, event := range events[:n] {
		if c, known := l.connections[event.Fd]; known {
			l.read(c)
		}
	}
}

func (l *webLoad) read(c *webConnection) {
	n, err := unix.Read(c.fd, c.buffer[c.filled:])
	if err == unix.EAGAIN {
		return
	}
	if err != nil || n == 0 {
		l.broken(c, fmt.Errorf("read: %w", errOr(err, "closed")))
		return
	}
	c.filled += n
	if c.asked < 0 {
		l.broken(c, errors.New("an answer to no request"))
		return
	}
	length, last, err := l.exchange.answer(c.buffer[:c.filled])
	switch {
	case err != nil:
		l.failed(err)
		l.result.Wrong++
		l.drop(c)
	case length == 0 && c.filled < len(c.buffer):
	case length != c.filled:
		l.failed(fmt.Errorf("an answer of %d bytes for one of %d", c.filled, length))
		l.result.Wrong++
		l.drop(c)
	default:
		l.answered(c)
		if last {
			l.drop(c)
		} else {
			c.asked, c.filled = -1, 0
			l.free = append(l.free, c)
		}
	}
}

func (l *webLoad) answered(c *webConnection) {
	l.result.Answered++
	since := time.Duration(c.asked) * l.interval
	if l.interval == 0 {
		since = l.late[c.asked]
	}
	l.took = append(l.took, time.Since(l.begin)-since)
}

// broken takes note of a connection's end. One that is closed while nothing is asked is no failure.
func (l *webLoad) broken(c *webConnection, err error) {
	if c.asked >= 0 {
		l.result.Reset++
		l.failed(err)
	} else {
		l.result.Closed++
		for i, free := range l.free {
			if free == c {
				l.free = append(l.free[:i:i], l.free[i+1:]...)
				break
			}
		}
	}
	l.drop(c)
}

func (l *webLoad) drop(c *webConnection) {
	_ = unix.Close(c.fd)
	delete(l.connections, int32(c.fd))
	l.closed++
}

func (l *webLoad) failed(err error) {
	if l.result.FirstError == "" {
		l.result.FirstError = time.Now().UTC().Format("15:04:05.000 ") + err.Error()
	}
}

// open opens what is closed.
func (l *webLoad) open() {
	if l.closed == 0 || time.Since(l.reopened) < webAgain {
		return
	}
	for l.closed > 0 {
		fd, err := webConnect(&l.address, l.exchange.greeting, l.exchange.greeted)
		if err != nil {
			l.reopened = time.Now()
			l.result.Refused++
			l.failed(err)
			return
		}
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
		if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
			_ = unix.Close(fd)
			l.failed(err)
			return
		}
		c := &webConnection{fd: fd, asked: -1, buffer: make([]byte, 1<<14)}
		l.connections[int32(fd)] = c
		l.free = append(l.free, c)
		l.closed--
	}
}

// epollWait is epoll_pwait2(2), whose time is not in milliseconds.
func epollWait(epoll int, events []unix.EpollEvent, wait time.Duration) int {
	timeout := unix.NsecToTimespec(wait.Nanoseconds())
	n, _, err := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if err != 0 {
		return 0 // a signal
	}
	return int(n)
}

func errOr(err error, text string) error {
	if err != nil {
		return err
	}
	return errors.New(text)
}

// webExchange is what is sent, and how the end of an answer is found.
type webExchange struct {
	greeting, request []byte
	greeted           func([]byte) (bool, error)
	// answer returns the answer's length, 0 as long as it is not complete, and whether the connection ends with it.
	answer func([]byte) (int, bool, error)
}

func httpExchange(host, path string) webExchange {
	return webExchange{
		request: []byte("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"),
		answer:  httpAnswer,
	}
}

// httpAnswer reads an answer of HTTP/1.1 that says its length.
func httpAnswer(got []byte) (int, bool, error) {
	length, last, err := httpLength(got)
	if err != nil || len(got) < length {
		return 0, false, err
	}
	return length, last, nil
}

// httpLength is the length of the answer that begins so, head and body, or 0 if the head is not complete.
func httpLength(got []byte) (length int, last bool, err error) {
	end := bytes.Index(got, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, false, nil
	}
	head := got[:end+2]
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) {
		line, _, _ := bytes.Cut(head, []byte("\r\n"))
		return 0, false, fmt.Errorf("answered %q", line)
	}
	// Names as servers write them, without their first letter: comparing without case costs more.
	_, rest, found := bytes.Cut(head, []byte("ontent-Length: "))
	if !found {
		_, rest, found = bytes.Cut(head, []byte("ontent-length: "))
	}
	text, _, _ := bytes.Cut(rest, []byte("\r\n"))
	body, err := strconv.Atoi(string(text))
	if !found || err != nil {
		return 0, false, fmt.Errorf("no length in %q", head)
	}
	return end + 4 + body, bytes.Contains(head, []byte("onnection: close")), nil
}
