// Bench targets: every address of 127/8 on two ports, loopback interface only. PORT answers like Elasticsearch,
// PORT+1 accepts and stays silent. One process, epoll, no allocation per connection.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD(code, type) "HTTP/1.1 " code "\r\nX-elastic-product: Elasticsearch\r\nContent-Type: " type "\r\nConnection: close\r\nContent-Length: "

static const char ROOT[] = "{\"name\":\"n1\",\"cluster_name\":\"bench\",\"cluster_uuid\":\"pD3w2C3kS0m8m3m5mT2aVg\",\"version\":{\"number\":\"8.14.3\",\"build_flavor\":\"default\",\"lucene_version\":\"9.10.0\"},\"tagline\":\"You Know, for Search\"}";
static const char CAT[] = "[{\"index\":\"users\",\"docs.count\":\"1000\",\"store.size\":\"2000\",\"status\":\"open\"}]";
static const char NONE[] = "{\"error\":\"no such index\",\"status\":404}";

static int listener(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) != 0) { perror("bind to lo"); exit(1); }
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = INADDR_ANY};
  if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 65535) != 0) { perror("listen"); exit(1); }
  return fd;
}

static void answer(int fd) {
  char in[4096], out[1024];
  ssize_t n = read(fd, in, sizeof in);
  if (n > 0) {
    const char *body = in[0] != 'G' ? "" : !strncmp(in, "GET / ", 6) ? ROOT : !strncmp(in, "GET /_cat", 9) ? CAT : NONE;
    const char *head = in[0] != 'G' ? HEAD("400 Bad Request", "text/plain") : body == NONE ? HEAD("404 Not Found", "application/json") : HEAD("200 OK", "application/json");
    int size = snprintf(out, sizeof out, "%s%zu\r\n\r\n%s", head, strlen(body), body);
    if (write(fd, out, size) < 0) { /* the client went away: its business */ }
    shutdown(fd, SHUT_WR);
    if (in[0] == 'G') return; // wait for its FIN
  }
  if (n < 0 && errno == EAGAIN) return;
  close(fd);
}

int main(int argc, char **argv) {
  int port = argc > 1 ? atoi(argv[1]) : 29200;
  int open_fd = listener(port), silent_fd = listener(port + 1), ep = epoll_create1(0);
  struct epoll_event ev = {.events = EPOLLIN}, events[512];
  ev.data.fd = open_fd; epoll_ctl(ep, EPOLL_CTL_ADD, open_fd, &ev);
  ev.data.fd = silent_fd; epoll_ctl(ep, EPOLL_CTL_ADD, silent_fd, &ev);
  static char silent[1 << 20];
  puts("ready"); fflush(stdout);
  for (;;) {
    int n = epoll_wait(ep, events, 512, -1);
    for (int i = 0; i < n; i++) {
      int fd = events[i].data.fd;
      if (fd == open_fd || fd == silent_fd) {
        int c;
        while ((c = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          silent[c & 0xfffff] = fd == silent_fd;
          ev.events = EPOLLIN; ev.data.fd = c; epoll_ctl(ep, EPOLL_CTL_ADD, c, &ev);
        }
      } else if (silent[fd & 0xfffff]) {
        char drop[4096]; ssize_t r = read(fd, drop, sizeof drop);
        if (r == 0 || (r < 0 && errno != EAGAIN)) close(fd);
      } else answer(fd);
    }
  }
}
