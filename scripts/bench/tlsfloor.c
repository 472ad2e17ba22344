// The TLS floor: OpenSSL, one shared context, no verification, X25519. Connect, handshake, GET, read to the end, close; one
// after the other, as only its CPU counts. N targets 127.10.x.y. Prints how many answered.
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char GET[] = "GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int port = atoi(argv[1]), total = atoi(argv[2]), answered = 0;
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
  SSL_CTX_set1_groups_list(context, "X25519:P-256");
  for (int n = 1; n <= total; n++) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7f0a0000u + n)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    SSL *tls = SSL_new(context);
    char in[4096];
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 && SSL_set_fd(tls, fd) && SSL_connect(tls) == 1 &&
        SSL_write(tls, GET, sizeof GET - 1) > 0) {
      answered += SSL_read(tls, in, sizeof in) > 0;
      while (SSL_read(tls, in, sizeof in) > 0) { /* to the end */ }
      SSL_shutdown(tls);
    }
    SSL_free(tls);
    close(fd);
  }
  printf("%d\n", answered);
  return answered == total ? 0 : 1;
}
