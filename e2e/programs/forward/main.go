// Command forward makes a lab's API server reachable from the host.
//
//	forward LISTEN NETNS TARGET
//
// It listens on LISTEN (an address of the host's loopback), then enters the network namespace NETNS through nsenter,
// keeping the socket, and copies each connection to TARGET there. So the lab needs no link to the host's network, and
// the process ends with the others of the namespace.
package main

import (
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"syscall"
)

// The listening socket's descriptor in the program inside the namespace, above those the Go runtime uses itself.
const listenerFd = 100

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	switch len(os.Args) {
	case 4:
		enter(os.Args[1], os.Args[2], os.Args[3])
	case 2:
		serve(os.Args[1])
	default:
		log.Fatal("usage: forward LISTEN NETNS TARGET")
	}
}

func enter(listen, netns, target string) {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		log.Fatal(err)
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		log.Fatal(err)
	}
	// A descriptor made by dup3 without flags stays open across exec.
	if err := syscall.Dup3(int(file.Fd()), listenerFd, 0); err != nil {
		log.Fatal(err)
	}
	nsenter, err := exec.LookPath("nsenter")
	if err != nil {
		log.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(syscall.Exec(nsenter, []string{"nsenter", "--net=" + netns, "--", self, target}, os.Environ()))
}

func serve(target string) {
	listener, err := net.FileListener(os.NewFile(listenerFd, "listener"))
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go relay(client.(*net.TCPConn), target)
	}
}

func relay(client *net.TCPConn, target string) {
	defer client.Close()
	dialed, err := net.Dial("tcp", target)
	if err != nil {
		log.Print(err)
		return
	}
	server := dialed.(*net.TCPConn)
	defer server.Close()
	done := make(chan struct{})
	go func() {
		io.Copy(server, client)
		server.CloseWrite()
		close(done)
	}()
	io.Copy(client, server)
	client.CloseWrite()
	<-done
}
