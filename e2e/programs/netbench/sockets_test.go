package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestSocketsAreOpenedAndEchoed(t *testing.T) {
	listener := listen(t, func(connection net.Conn) { _ = echoMessages(connection) })
	m := &manySockets{to: []string{listener}, exchange: socketExchange(testHost, "/"), interval: time.Hour}
	m.open(40, time.Microsecond)
	for m.seen().Echoed < 40 {
		time.Sleep(time.Millisecond)
	}
	if seen := m.seen(); seen.Opened != 40 || seen.Open != 40 || seen.Failed != 0 || len(seen.Ended) != 0 || seen.Took.Count != 40 {
		t.Errorf("%+v", seen)
	}
}

func TestSocketsThatAreNotTakenAreCounted(t *testing.T) {
	listener := listen(t, func(connection net.Conn) {
		_, _ = http.ReadRequest(bufio.NewReader(connection))
		_, _ = io.WriteString(connection, "HTTP/1.1 503 Off\r\nContent-Length: 0\r\n\r\n")
	})
	m := &manySockets{to: []string{listener}, exchange: socketExchange(testHost, "/"), interval: time.Hour}
	m.open(3, time.Microsecond)
	if seen := m.seen(); seen.Opened != 0 || seen.Failed != 3 || seen.FirstError == "" {
		t.Errorf("%+v", seen)
	}
}

func TestEndsOfSockets(t *testing.T) {
	cases := map[string]func(net.Conn){
		"close frame 1001": func(c net.Conn) { _, _ = c.Write([]byte{frameClose, 2, 0x03, 0xe9}) },
		"close frame 1005": func(c net.Conn) { _, _ = c.Write([]byte{frameClose, 0}) },
		"closed":           func(net.Conn) {},
		"reset":            func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"other":            func(c net.Conn) { _, _ = c.Write([]byte{frameBinary, 1, 'x'}) },
	}
	for how, end := range cases {
		t.Run(how, func(t *testing.T) {
			exchange := socketExchange(testHost, "/")
			listener := listen(t, func(connection net.Conn) {
				reader := bufio.NewReader(connection)
				_, _ = http.ReadRequest(reader)
				_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "+socketAccept+"\r\n\r\n")
				_, _ = io.ReadFull(reader, make([]byte, len(exchange.request)))
				_, _ = connection.Write(append([]byte{frameBinary, messageLength}, socketMessage...))
				end(connection)
			})
			m := &manySockets{exchange: exchange, interval: time.Hour}
			connection, err := m.greet(listener)
			if err != nil {
				t.Fatal(err)
			}
			m.opened(nil)
			m.ended(m.keep(connection))
			seen := m.seen()
			if seen.Echoed != 1 || seen.Open != 0 || len(seen.Ended) != 1 || seen.Ended[0].How != how || seen.Ended[0].Count != 1 {
				t.Errorf("%+v", seen)
			}
		})
	}
}

// listen is a server that serves each connection so, and closes it then.
func listen(t *testing.T, serve func(net.Conn)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				serve(connection)
			}()
		}
	}()
	return listener.Addr().String()
}
