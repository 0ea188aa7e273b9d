// timer [NAME=VALUE]... COMMAND...
// Runs a command each time it is told "run N" and times it, which a JVM would disturb: it gives the command N bytes of
// standard input, reads what it writes until the end, and answers with the nanoseconds until its process was gone, the
// number of bytes it wrote, and the moments that trace.c has written on standard error, as nanoseconds from the start.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void feed(int fd, long long size) {
  static const char zeros[65536];
  while (size > 0) {
    ssize_t written = write(fd, zeros, size < (long long)sizeof zeros ? (size_t)size : sizeof zeros);
    if (written <= 0) break;
    size -= written;
  }
  close(fd);
}

static long long drain(int fd) {
  static char buffer[65536];
  long long sum = 0;
  ssize_t size;
  while ((size = read(fd, buffer, sizeof buffer)) > 0) sum += size;
  close(fd);
  return sum;
}

int main(int argc, char **argv) {
  long long input;
  (void)argc;
  for (argv++; *argv && strchr(*argv, '='); argv++) putenv(*argv);
  signal(SIGPIPE, SIG_IGN);
  printf("ready %d\n", getpid());
  fflush(stdout);
  while (scanf(" run %lld", &input) == 1) {
    int in[2], out[2], err[2], status = -1;
    pid_t child;
    posix_spawn_file_actions_t actions;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) return 1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    int64_t began = now();
    int error = posix_spawnp(&child, *argv, &actions, NULL, argv, environ);
    close(in[0]);
    close(out[1]);
    close(err[1]);
    feed(in[1], input);
    long long output = drain(out[0]);
    if (error == 0) waitpid(child, &status, 0);
    int64_t ended = now();
    posix_spawn_file_actions_destroy(&actions);
    char text[4096] = {0};
    // A daemon that the command has started may hold the other end.
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    ssize_t size = read(err[0], text, sizeof text - 1);
    close(err[0]);
    if (status != 0) {
      text[strcspn(text, "\n")] = 0;
      printf("failed: status %d, error %d: %s\n", status, error, text);
    } else {
      printf("%lld %lld", (long long)(ended - began), output);
      for (int64_t at, i = 0; i + (ssize_t)sizeof at <= size; i += sizeof at) {
        memcpy(&at, text + i, sizeof at);
        printf(" %lld", (long long)(at - began));
      }
      printf("\n");
    }
    fflush(stdout);
  }
}
