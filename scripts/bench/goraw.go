// Bench peer: what a bare Go program needs for connect, GET, read to the end, close. Targets 127.10.x.y only.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	port := os.Args[1]
	total, _ := strconv.Atoi(os.Args[2])
	limit, _ := strconv.Atoi(os.Args[3])
	var answered atomic.Int64
	var wait sync.WaitGroup
	next := make(chan int, limit)
	for w := 0; w < limit; w++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for n := range next {
				to := fmt.Sprintf("127.10.%d.%d:%s", n>>8, n&255, port)
				c, err := net.DialTimeout("tcp", to, 3*time.Second)
				if err != nil {
					continue
				}
				c.SetDeadline(time.Now().Add(4 * time.Second))
				fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
				if b, _ := io.ReadAll(io.LimitReader(c, 65536)); len(b) > 0 {
					answered.Add(1)
				}
				c.Close()
			}
		}()
	}
	for n := 1; n <= total; n++ {
		next <- n
	}
	close(next)
	wait.Wait()
	fmt.Println(answered.Load())
}
