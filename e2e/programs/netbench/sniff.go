package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"net/netip"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

type sniffResult struct {
	Packets int `json:"packets"`
	// When the last one was seen; 0 if there was none.
	LastUnixMillis int64 `json:"lastUnixMillis"`
}

const udpProtocol = 17

// sniff counts the UDP datagrams over IPv4 that go to an address and port, on all interfaces of the namespace, until it is
// told to stop (SIGTERM, SIGINT). One that crosses two interfaces counts twice; what matters is when the last one came.
func sniff(args []string) (any, error) {
	flags := flag.NewFlagSet("sniff", flag.ExitOnError)
	to := flags.String("to", "", "address:port")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	target, err := netip.ParseAddrPort(*to)
	if err != nil {
		return nil, err
	}
	// In network byte order, as packet(7) asks. A socket for one protocol would not see what goes out.
	protocol := binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, unix.ETH_P_ALL))
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(protocol))
	if err != nil {
		return nil, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, unix.SIGTERM, unix.SIGINT)
	var lock sync.Mutex
	result := sniffResult{}
	timeout := unix.NsecToTimeval((100 * time.Millisecond).Nanoseconds())
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout); err != nil {
		return nil, err
	}
	go func() {
		packet := make([]byte, 128)
		for {
			n, _, err := unix.Recvfrom(fd, packet, 0)
			if errors.Is(err, unix.EBADF) {
				return
			}
			if err == nil && isTo(packet[:n], target) {
				lock.Lock()
				result.Packets++
				result.LastUnixMillis = time.Now().UnixMilli()
				lock.Unlock()
			}
		}
	}()
	<-stop
	lock.Lock()
	defer lock.Unlock()
	return result, nil
}

// isTo reads an IPv4 header (RFC 791) and the ports of UDP (RFC 768).
func isTo(packet []byte, target netip.AddrPort) bool {
	if len(packet) < 20 || packet[0]>>4 != 4 || packet[9] != udpProtocol {
		return false
	}
	header := int(packet[0]&0x0f) * 4
	if len(packet) < header+4 {
		return false
	}
	address := netip.AddrFrom4([4]byte(packet[16:20]))
	return address == target.Addr() && binary.BigEndian.Uint16(packet[header+2:]) == target.Port()
}
