package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// The example of RFC 6455, section 1.3.
	socketKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	socketAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
	// A final frame with binary data, and the bit that says that it is masked; section 5.2.
	frameBinary = 0x82
	frameMasked = 0x80
	// Length of a message; the longest that is told by a frame's second byte is 125.
	messageLength = 64
)

// socketMessage is what is sent and comes back.
var socketMessage = bytes.Repeat([]byte("weft"), messageLength/4)

// socketExchange is a message and its echo, after the opening handshake of RFC 6455.
func socketExchange(host, path string) webExchange {
	mask := []byte{0x12, 0x34, 0x56, 0x78}
	frame := append([]byte{frameBinary, frameMasked | messageLength}, mask...)
	for i, b := range socketMessage {
		frame = append(frame, b^mask[i%4])
	}
	echo := append([]byte{frameBinary, messageLength}, socketMessage...)
	return webExchange{
		greeting: []byte("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Key: " + socketKey + "\r\nSec-WebSocket-Version: 13\r\n\r\n"),
		greeted: func(got []byte) (bool, error) {
			end := bytes.Index(got, []byte("\r\n\r\n"))
			if end < 0 {
				return false, nil
			}
			if !bytes.HasPrefix(got, []byte("HTTP/1.1 101 ")) || !bytes.Contains(got, []byte(socketAccept)) || end+4 != len(got) {
				return false, fmt.Errorf("no WebSocket: %q", got)
			}
			return true, nil
		},
		request: frame,
		answer: func(got []byte) (int, bool, error) {
			if len(got) < len(echo) {
				return 0, false, nil
			}
			if !bytes.Equal(got, echo) {
				return 0, false, fmt.Errorf("echoed %q", got)
			}
			return len(echo), false, nil
		},
	}
}

func webAddress(text string) (unix.SockaddrInet4, error) {
	parsed, err := net.ResolveTCPAddr("tcp4", text)
	if err != nil {
		return unix.SockaddrInet4{}, err
	}
	return unix.SockaddrInet4{Port: parsed.Port, Addr: [4]byte(parsed.IP.To4())}, nil
}

// webConnect opens a connection, with a greeting that is answered if there is one. It blocks: servers are near.
func webConnect(address *unix.SockaddrInet4, greeting []byte, greeted func([]byte) (bool, error)) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(
		unix.Connect(fd, address),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 5}),
		greet(fd, greeting, greeted),
		unix.SetNonblock(fd, true)); err != nil {
		_ = unix.Close(fd)
		return 0, err
	}
	return fd, nil
}

func greet(fd int, greeting []byte, greeted func([]byte) (bool, error)) error {
	if greeting == nil {
		return nil
	}
	if _, err := unix.Write(fd, greeting); err != nil {
		return err
	}
	got := make([]byte, 0, 4096)
	for {
		n, err := unix.Read(fd, got[len(got):cap(got)])
		if err != nil || n == 0 {
			return errOr(err, "closed")
		}
		got = got[:len(got)+n]
		if done, err := greeted(got); done || err != nil {
			return err
		}
	}
}

// webEcho is a WebSocket server that sends each message back, until it is told to stop (SIGTERM, SIGINT).
func webEcho(args []string) (any, error) {
	flags := flag.NewFlagSet("web-echo", flag.ExitOnError)
	listen := flags.String("listen", "", "address:port")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(os.Stderr, "ready")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	go func() {
		<-stop
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
		go func() {
			defer connection.Close()
			_ = echoMessages(connection) // its end is the client's
		}()
	}
}

func echoMessages(connection net.Conn) error {
	_ = connection.SetReadDeadline(time.Now().Add(webPatience))
	reader := bufio.NewReader(connection)
	request, err := http.ReadRequest(reader)
	if err != nil {
		return err
	}
	if request.Header.Get("Sec-WebSocket-Key") != socketKey {
		_, err := io.WriteString(connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		return err
	}
	if _, err := io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "+socketAccept+"\r\n\r\n"); err != nil {
		return err
	}
	_ = connection.SetReadDeadline(time.Time{})
	frame := make([]byte, 6+messageLength)
	for {
		if _, err := io.ReadFull(reader, frame); err != nil {
			return err
		}
		if frame[0] != frameBinary || frame[1] != frameMasked|messageLength {
			return fmt.Errorf("no message of this program: % x", frame[:2])
		}
		mask, message := binary.LittleEndian.Uint32(frame[2:]), frame[6:]
		for i := 0; i < messageLength; i += 4 {
			binary.LittleEndian.PutUint32(message[i:], binary.LittleEndian.Uint32(message[i:])^mask)
		}
		frame[4], frame[5] = frameBinary, messageLength
		if _, err := connection.Write(frame[4:]); err != nil {
			return err
		}
	}
}
