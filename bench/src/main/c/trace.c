// The front, which writes down the moments between its steps, and at its end writes them on standard error.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BEGUN, CHECKED, GREETED, ACCEPTED, ENDED, MOMENTS };
static int64_t moments[MOMENTS];

static void mark(int which) {
  struct timespec time;
  if (moments[which]) return;
  clock_gettime(CLOCK_MONOTONIC, &time);
  moments[which] = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static _Noreturn void leave_by(int code) {
  mark(ENDED);
  ssize_t unused = write(2, moments, sizeof moments);
  (void)unused;
  _exit(code);
}

// What the front calls first in each step.
#define socket(...) (mark(CHECKED), socket(__VA_ARGS__))
#define send(...) (mark(GREETED), send(__VA_ARGS__))
#define sigaction(...) (mark(ACCEPTED), sigaction(__VA_ARGS__))
#define _exit(code) leave_by(code)
#define main(...) front(__VA_ARGS__)
#include "front.c"
#undef main

int main(int argc, char **argv) {
  mark(BEGUN);
  return front(argc, argv);
}
