package main

import (
	"syscall"
	"time"
)

// nsfsMagic is NSFS_MAGIC of linux/magic.h, the file system of namespaces.
const nsfsMagic = 0x6e736673

type shimError string

func (e shimError) Error() string { return string(e) }

// openNetns opens the pod's network namespace; the agent gets the descriptor and needs no path.
func openNetns(path string) (int, error) {
	fd, err := retryInterrupted(func() (int, error) {
		return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	})
	if err != nil {
		return -1, err
	}
	var fs syscall.Statfs_t
	if err := syscall.Fstatfs(fd, &fs); err != nil || int64(fs.Type) != nsfsMagic {
		syscall.Close(fd)
		return -1, shimError("not a file of the namespace file system")
	}
	return fd, nil
}

// exchange sends one request and reads its answer. Any error means that the agent is away or went away half-way; every
// request may be repeated.
func exchange(socket string, message []byte, netns int, within time.Duration) (answer, error) {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return answer{}, err
	}
	defer syscall.Close(fd)
	timeout := syscall.NsecToTimeval(within.Nanoseconds())
	for _, option := range []int{syscall.SO_RCVTIMEO, syscall.SO_SNDTIMEO} {
		if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, option, &timeout); err != nil {
			return answer{}, err
		}
	}
	if err := syscall.Connect(fd, &syscall.SockaddrUnix{Name: socket}); err != nil {
		return answer{}, err
	}
	if err := send(fd, message, netns); err != nil {
		return answer{}, err
	}
	reply, err := receive(fd)
	if err != nil {
		return answer{}, err
	}
	return parseAnswer(reply)
}

// send writes the length and the message; the namespace goes with the first byte (SCM_RIGHTS, unix(7)).
func send(fd int, message []byte, netns int) error {
	frame := make([]byte, 0, 4+len(message))
	n := len(message)
	frame = append(frame, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	frame = append(frame, message...)
	var rights []byte
	if netns >= 0 {
		rights = syscall.UnixRights(netns)
	}
	for len(frame) > 0 {
		sent, err := retryInterrupted(func() (int, error) {
			return syscall.SendmsgN(fd, frame, rights, nil, syscall.MSG_NOSIGNAL)
		})
		if err != nil {
			return err
		}
		frame, rights = frame[sent:], nil
	}
	return nil
}

func receive(fd int) ([]byte, error) {
	head := make([]byte, 4)
	if err := readFull(fd, head); err != nil {
		return nil, err
	}
	length := int(head[0])<<24 | int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	if length > maxMessage {
		return nil, shimError("the agent's answer is too long")
	}
	body := make([]byte, length)
	return body, readFull(fd, body)
}

func readFull(fd int, buffer []byte) error {
	for len(buffer) > 0 {
		n, err := retryInterrupted(func() (int, error) { return syscall.Read(fd, buffer) })
		if err != nil {
			return err
		}
		if n == 0 {
			return shimError("the agent closed the connection before it answered")
		}
		buffer = buffer[n:]
	}
	return nil
}

func readAll(fd int) ([]byte, error) {
	var all []byte
	chunk := make([]byte, 16<<10)
	for {
		n, err := retryInterrupted(func() (int, error) { return syscall.Read(fd, chunk) })
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return all, nil
		}
		all = append(all, chunk[:n]...)
		if len(all) > maxMessage {
			return nil, shimError("it is longer than 4 MiB")
		}
	}
}

func retryInterrupted(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}
