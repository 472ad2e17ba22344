// The floor: connect, GET /, read to the end, close with FIN. N targets 127.10.x.y, C at once, one in SILENT_EVERY
// of them answers (0: all). Prints how many answered. What a probe costs above this is the probe's.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char GET[] = "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
struct conn { int fd, sent; double since; };
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  int port = atoi(argv[1]), total = atoi(argv[2]), limit = atoi(argv[3]), one_in = atoi(argv[4]);
  double timeout = atof(argv[5]);
  int ep = epoll_create1(0), started = 0, live = 0, done = 0, answered = 0;
  struct conn *conns = calloc(limit, sizeof *conns);
  for (int i = 0; i < limit; i++) conns[i].fd = -1;
  struct epoll_event events[512];
  while (done < total) {
    for (int i = 0; i < limit && live < limit && started < total; i++) {
      if (conns[i].fd >= 0) continue;
      struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f0a0000u + started + 1)};
      to.sin_port = htons(one_in > 0 && started % one_in != 0 ? port + 1 : port);
      int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      if (fd < 0) { perror("socket"); return 1; }
      connect(fd, (struct sockaddr *)&to, sizeof to);
      conns[i] = (struct conn){fd, 0, now()};
      struct epoll_event ev = {.events = EPOLLOUT, .data.u32 = i};
      epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
      started++; live++;
    }
    int n = epoll_wait(ep, events, 512, 50);
    for (int e = 0; e < n; e++) {
      struct conn *c = &conns[events[e].data.u32];
      if (c->fd < 0) continue;
      if (!c->sent) {
        if (write(c->fd, GET, sizeof GET - 1) > 0) c->sent = 1;
        struct epoll_event ev = {.events = EPOLLIN, .data.u32 = events[e].data.u32};
        epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev);
        continue;
      }
      char in[4096]; ssize_t r = read(c->fd, in, sizeof in);
      if (r < 0 && errno == EAGAIN) continue;
      if (r > 0) { c->sent = 2; continue; }
      answered += c->sent == 2; close(c->fd); c->fd = -1; live--; done++;
    }
    if (one_in > 0) for (int i = 0; i < limit; i++) if (conns[i].fd >= 0 && now() - conns[i].since > timeout) { close(conns[i].fd); conns[i].fd = -1; live--; done++; }
  }
  printf("%d\n", answered);
  return 0;
}
