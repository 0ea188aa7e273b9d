// The front: runs a command in its daemon, as this process. It only connects; whatever is in doubt before the daemon has
// accepted the command is left to the start script, which this program then becomes. docs/front.md has the design,
// docs/protocol.md the wire.
//
//   CHECK stamp, socket, peer --any doubt--> COLD: exec the start script, with nothing touched
//     | hello has the stamp's fingerprint
//     v
//   ASKED --refused, closed, late--> COLD
//     | accepted
//     v
//   RUNNING --exit piece--> exit, or die by the command's signal
//     | a signal                | connection lost: exit 125, the command may have run
//     v
//   SIGNALLED --the program handles it--> RUNNING
//     | a second signal, or three seconds
//     v
//   die by the signal
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { STDOUT = 1, STDERR = 2, READ = 3, TERMINAL = 4, HANDLED = 5, EXIT = 9 };   // from the daemon
enum { STDIN = 1, SIGNAL = 2, SIZE = 3, CLOSED = 4 };                             // to the daemon
enum { RAW = 1, NO_ECHO = 2, HEADER = 5, EXIT_DATA = 10, MAX_READ = 65536 };
enum { MAY_HAVE_RUN = 125, CANNOT_RUN = 126, NOT_FOUND = 127, SIGNALLED = 128 };
#ifndef WAIT_MILLIS
#define WAIT_MILLIS 5000     // for the hello, and again for the answer
#endif
#ifndef MAX_RECEIVE
#define MAX_RECEIVE 65536    // bytes of the connection that are read at once
#endif
enum { HELD = 7, GRACE = 3, MAX_SIGNAL = 31, MAX_LINE = 1 << 20, MAX_STAMP = 1 << 20, MAX_KEY = 200 };

#define MARKER "AUTODAEMON-FRONT-SETTINGS-V1:"

// StartScript fills in what follows the marker for a program that needs no script to find its stamp. Not static: a compiler
// that sees all of its uses takes what is in it for granted.
char settings[4096] = MARKER;

static char **arguments;      // of the command, without its name
static int count;
static const char *script;
static const char *name = "autodaemon";     // as the command was called
static char stamp[MAX_STAMP + 1];
static char line[MAX_LINE + 16];
static char answer[MAX_LINE];
static uint8_t buffer[MAX_RECEIVE];

static volatile int sock = -1;
static volatile sig_atomic_t sending;      // the main thread is within a piece of its own
static atomic_uint unsent;                 // signals that are to be sent after it, a bit each
static atomic_uint handled;                // signals that the program handles, a bit each
static volatile sig_atomic_t first;        // the signal that waits for the command's end
static volatile unsigned alarm_before;     // of whoever has started this process, in seconds
static struct sigaction alarm_action;      // the same
static struct termios saved;
static volatile sig_atomic_t mode;         // of the terminal, as the daemon wants it
static volatile sig_atomic_t changed;      // the terminal may have other modes than at the start
static int watcher = -1;
static uint64_t taken;        // bytes of standard input
static int failure[3];        // errno of an output that takes no more

static _Noreturn void lost(void);

static void say(const char *what, const char *more, const char *why) {
  char text[512];
  size_t length = 0;
  const char *parts[] = {name, ": ", what, more, *why ? ": " : "", why, "\n"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    size_t size = strlen(parts[i]);
    if (size > sizeof text - length - 1) size = sizeof text - length - 1;
    memcpy(text + length, parts[i], size);
    length += size;
  }
  ssize_t unused = write(2, text, length);
  (void)unused;
}

static const char *base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

// What was opened is closed by the exec.
static _Noreturn void cold(void) {
  // The script takes it out of the environment again.
  const char *off = getenv("AUTODAEMON_FRONT");
  if (!off || !*off) setenv("AUTODAEMON_FRONT", "cold", 1);
  // arguments[-1] is this process's own argument, which nobody needs any more.
  arguments[-1] = (char *)script;
  execv(script, arguments - 1);
  int why = errno;
  say("cannot run ", script, strerror(why));
  _exit(why == ENOENT ? NOT_FOUND : CANNOT_RUN);
}

// The stamp.

static bool is(const char *variable) {
  const char *value = getenv(variable);
  return value && *value;
}

static bool number(char **text, uint64_t *value) {
  char *at = *text;
  bool negative = *at == '-';
  uint64_t sum = 0;
  if (negative) at++;
  if (*at < '0' || *at > '9') return false;
  for (; *at >= '0' && *at <= '9'; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (sum > (UINT64_MAX - digit) / 10) return false;
    sum = sum * 10 + digit;
  }
  *value = negative ? 0 - sum : sum;
  if (*at != ' ') return false;
  *text = at + 1;
  return true;
}

static bool same_file(char *text) {
  uint64_t size, seconds, nanos, inode;
  struct stat facts;
  return number(&text, &size) && number(&text, &seconds) && number(&text, &nanos) && number(&text, &inode) &&
         stat(text, &facts) == 0 && (uint64_t)facts.st_size == size && (uint64_t)facts.st_mtim.tv_sec == seconds &&
         (uint64_t)facts.st_mtim.tv_nsec == nanos && (uint64_t)facts.st_ino == inode;
}

static bool same_variable(char *text) {
  char *equals = strchr(text, '=');
  if (!equals) return false;
  *equals = 0;
  const char *value = getenv(text);
  return value && strcmp(value, equals + 1) == 0;
}

// As the start script finds it.
static bool same_java(const char *wanted) {
  char path[PATH_MAX];
  struct stat facts;
  if (is("JAVA_HOME")) {
    const char *home = getenv("JAVA_HOME");
    size_t length = strlen(home);
    return strncmp(wanted, home, length) == 0 && strcmp(wanted + length, "/bin/java") == 0;
  }
  const char *at = getenv("PATH");
  while (at && *at && *at != ':') {
    size_t length = strcspn(at, ":");
    if (length + sizeof "/java" > sizeof path) return false;
    memcpy(path, at, length);
    memcpy(path + length, "/java", sizeof "/java");
    if (access(path, X_OK) == 0 && stat(path, &facts) == 0 && S_ISREG(facts.st_mode)) return strcmp(path, wanted) == 0;
    if (!at[length]) return false;
    at += length + 1;
  }
  return false;
}

static bool read_stamp(const char *path) {
  struct stat facts;
  int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return false;
  bool ok = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == geteuid() &&
            !(facts.st_mode & 022) && facts.st_size <= MAX_STAMP;
  ssize_t length = ok ? read(fd, stamp, MAX_STAMP) : -1;
  close(fd);
  // A file that is being replaced is another file; this one is whole, or not ours.
  if (length < 0 || length != facts.st_size || memchr(stamp, 0, (size_t)length)) return false;
  stamp[length] = 0;
  return true;
}

// Checks the stamp; gives the socket's path and the fingerprint.
static bool check_stamp(const char *path, const char **socket_path, const char **fingerprint) {
  if (!read_stamp(path)) return false;
  bool begun = false, java = false;
  for (char *at = stamp; *at;) {
    char *end = strchr(at, '\n');
    if (!end) return false;
    *end = 0;
    char *value = strchr(at, ' ');
    if (!begun) {
      if (strcmp(at, "autodaemon-stamp 1") != 0) return false;
      begun = true;
    } else if (strcmp(at, "end") == 0) {
      return !end[1] && java && *socket_path && *fingerprint;
    } else if (!value) {
      return false;
    } else {
      *value++ = 0;
      if (strcmp(at, "socket") == 0) {
        *socket_path = value;
      } else if (strcmp(at, "fingerprint") == 0) {
        *fingerprint = value;
      } else if (strcmp(at, "java") == 0) {
        java = same_java(value);
        if (!java) return false;
      } else if (strcmp(at, "file") == 0) {
        if (!same_file(value)) return false;
      } else if (strcmp(at, "env") == 0) {
        if (!same_variable(value)) return false;
      } else if (strcmp(at, "unset") == 0) {
        if (getenv(value)) return false;
      } else {
        return false;
      }
    }
    at = end + 1;
  }
  return false;
}

// A program of its own: its settings, and the names of stamps.

static bool append(char *to, size_t *length, const char *text, size_t size) {
  if (*length + size >= PATH_MAX) return false;
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '/' && *length && to[*length - 1] == '/') continue;
    to[(*length)++] = text[i];
  }
  to[*length] = 0;
  return true;
}

static bool add(char *to, size_t *length, const char *text) {
  return append(to, length, text, strlen(text));
}

// Whether a setting has this key and value; a value that ends in '=' matches a word that begins so.
static bool has_setting(const char *key, const char *word, size_t size) {
  size_t length = strlen(key);
  for (const char *at = settings + sizeof MARKER - 1; *at;) {
    size_t end = strcspn(at, "\n");
    if (end > length && strncmp(at, key, length) == 0 && end - length == size && strncmp(at + length, word, size) == 0) {
      return true;
    }
    at += end + (at[end] == '\n');
  }
  return false;
}

// Appends the part of the stamp's name that says which daemon the arguments choose; false: none can be said.
static bool add_key(char *path, size_t *length) {
  int chosen = 0;
  for (int i = 0; i < count && strcmp(arguments[i], "--") != 0; i++) {
    const char *word = arguments[i];
    size_t size = strlen(word), name_size = strcspn(word, "=") + 1;
    if (has_setting("cold ", word, size)) return false;
    if (has_setting("option ", word, size)) {
      chosen = i + 1;
    } else if (name_size <= size && has_setting("option ", word, name_size)) {
      if (word[name_size] != '/') return false;
      chosen = i + 1;
    } else {
      char option[256];
      if (size + 2 > sizeof option) continue;
      memcpy(option, word, size);
      memcpy(option + size, "=", 2);
      if (!has_setting("option ", option, size + 1)) continue;
      if (i + 1 == count || *arguments[i + 1] != '/') return false;
      chosen = ++i + 1;
    }
  }
  size_t begin = *length;
  for (int i = 0; i < chosen; i++) {
    if (strpbrk(arguments[i], ",%\n")) return false;
    if (*length + strlen(arguments[i]) + 2 >= PATH_MAX) return false;
    path[(*length)++] = ',';
    for (const char *at = arguments[i]; *at; at++) path[(*length)++] = *at == '/' ? '%' : *at;
  }
  path[*length] = 0;
  return *length - begin <= MAX_KEY;
}

// The script's path and the stamp's, in native mode; false where there can be no stamp.
static bool find_native(char *script_path, char *path) {
  const char *setting = settings + sizeof MARKER - 1 + sizeof "script " - 1;
  size_t size = strcspn(setting, "\n"), length = 0;
  if (strncmp(settings + sizeof MARKER - 1, "script ", 7) != 0 || settings[sizeof settings - 1]) return false;
  if (*setting != '/') {
    char own[PATH_MAX];
    ssize_t own_length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (own_length <= 0) own_length = 0;
    own[own_length] = 0;
    char *slash = strrchr(own, '/');
    if (slash && !append(script_path, &length, own, (size_t)(slash + 1 - own))) return false;
  }
  if (!append(script_path, &length, setting, size)) return false;
  script = script_path;
  const char *home = is("XDG_CACHE_HOME") ? getenv("XDG_CACHE_HOME") : getenv("HOME");
  if (!home || *home != '/') return false;
  size_t at = 0;
  return add(path, &at, home) && (is("XDG_CACHE_HOME") || add(path, &at, "/.cache")) && add(path, &at, "/auto-daemon") &&
         add(path, &at, script_path) && add(path, &at, "/") &&
         (!is("JAVA_HOME") || (add(path, &at, getenv("JAVA_HOME")) && add(path, &at, "/bin/"))) &&
         add(path, &at, "java/front") && add_key(path, &at) && add(path, &at, ".stamp");
}

// The connection.

static bool is_own_socket(const char *path) {
  struct stat facts;
  return lstat(path, &facts) == 0 && S_ISSOCK(facts.st_mode) && facts.st_uid == geteuid();
}

static bool reach(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (strlen(path) >= sizeof address.sun_path || !is_own_socket(path)) return false;
  strcpy(address.sun_path, path);
  sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return sock > 2 && connect(sock, (struct sockaddr *)&address, sizeof address) == 0 &&
         getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Waits for the socket; false when it is late.
static bool await(short events, int64_t until) {
  struct pollfd entry = {.fd = sock, .events = events};
  while (true) {
    int64_t left = until - now();
    if (left <= 0) return false;
    int ready = poll(&entry, 1, left > INT_MAX ? -1 : (int)left);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// The frames before the acceptance: one reader, which keeps what it has read. Each part of it is false when there is no more.
static size_t have, used;     // of buffer
static int64_t deadline;
static bool asked, withdrawn;

// When the daemon is late it must not accept any more: after the shutdown its acceptance either is here already, or will
// never be sent, and then it does not run the command.
static bool withdraw(void) {
  if (!asked || withdrawn) return false;
  withdrawn = true;
  shutdown(sock, SHUT_RDWR);
  return true;
}

static bool receive(void) {
  while (true) {
    if (!withdrawn && now() >= deadline && !withdraw()) return false;
    ssize_t size = recv(sock, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size > 0) {
      used = 0;
      have = (size_t)size;
      return true;
    }
    if (size == 0 || (errno != EAGAIN && errno != EINTR)) return false;
    if (withdrawn ? errno == EAGAIN : !await(POLLIN, deadline) && !withdraw()) return false;
  }
}

static bool next_byte(uint8_t *byte) {
  if (used == have && !receive()) return false;
  *byte = buffer[used++];
  return true;
}

static bool varint(uint64_t *value) {
  uint8_t byte;
  *value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (!next_byte(&byte)) return false;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return true;
  }
  return false;
}

// The next line on the daemon's stream "0", which is the first that it opens. A line that ends a frame is all that a
// daemon sends after an acceptance.
static bool next_line(size_t *length) {
  static uint64_t left;       // of a frame
  static bool wanted;         // the frame is one of stream "0"
  static uint64_t control = UINT64_MAX;
  *length = 0;
  while (true) {
    if (!left) {
      uint64_t header;
      if (!varint(&header) || !varint(&left)) return false;
      if ((header & 7) == 0) {
        // NEW: the name is in the payload, or is the number.
        char text[2] = {0};
        for (uint64_t i = 0; i < left; i++) {
          uint8_t byte;
          if (!next_byte(&byte)) return false;
          if (i < sizeof text) text[i] = (char)byte;
        }
        if (left == 0 ? header >> 3 == 0 : left == 1 && *text == '0') control = header >> 3;
        left = 0;
      } else {
        wanted = (header & 7) == 2 && header >> 3 == control;
      }
      continue;
    }
    uint8_t byte;
    if (!next_byte(&byte)) return false;
    left--;
    if (!wanted) continue;
    if (byte == '\n') {
      answer[*length] = 0;
      return true;
    }
    if (*length + 1 == sizeof answer) return false;
    answer[(*length)++] = (char)byte;
  }
}

static bool is_daemon(const char *fingerprint) {
  size_t length;
  char wanted[128];
  size_t size = strlen(fingerprint);
  deadline = now() + WAIT_MILLIS;
  if (size > 64 || !next_line(&length)) return false;
  // Within a JSON text the quotes would be escaped.
  memcpy(wanted, "\"fingerprint\":\"", 15);
  memcpy(wanted + 15, fingerprint, size);
  memcpy(wanted + 15 + size, "\"", 2);
  return strncmp(answer, "[\"hello\",[{\"autodaemon\":1,", 26) == 0 && strstr(answer, wanted);
}

// The request.

static size_t put;            // of line
static bool fits = true;

static void raw(const char *text, size_t size) {
  if (put + size > MAX_LINE) {
    fits = false;
    return;
  }
  memcpy(line + put, text, size);
  put += size;
}

static void literal(const char *text) {
  raw(text, strlen(text));
}

static void decimal(int64_t value) {
  char digits[24];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do digits[--at] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) digits[--at] = '-';
  raw(digits + at, sizeof digits - at);
}

// How many bytes the character at text has (RFC 3629); 0 when it is none.
static size_t character(const uint8_t *text, const uint8_t *end) {
  if (*text < 0x80) return 1;
  size_t size = *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2;
  if (*text < 0xc2 || *text > 0xf4 || (size_t)(end - text) < size) return 0;
  for (size_t i = 1; i < size; i++) {
    if ((text[i] & 0xc0) != 0x80) return 0;
  }
  if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] > 0x9f)) return 0;
  if ((*text == 0xf0 && text[1] < 0x90) || (*text == 0xf4 && text[1] > 0x8f)) return 0;
  return size;
}

static void string(const char *text, size_t length) {
  static const char hex[] = "0123456789abcdef";
  const uint8_t *at = (const uint8_t *)text, *end = at + length;
  literal("\"");
  while (at < end && fits) {
    size_t size = character(at, end);
    if (size == 0) {
      fits = false;
    } else if (*at < 0x20) {
      char escape[6] = {'\\', 'u', '0', '0', hex[*at >> 4], hex[*at & 15]};
      raw(escape, sizeof escape);
    } else {
      if (*at == '"' || *at == '\\') literal("\\");
      raw((const char *)at, size);
    }
    at += size;
  }
  literal("\"");
}

// Few names share a bit, so that few are looked for.
static bool is_first(char **variable, size_t length) {
  static uint8_t seen[8192];
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)(*variable)[i]) * 16777619u;
  uint8_t *byte = &seen[hash >> 19], bit = (uint8_t)(1 << (hash >> 16 & 7));
  bool known = *byte & bit;
  *byte |= bit;
  for (char **before = environ; known && before < variable; before++) {
    if (strncmp(*before, *variable, length + 1) == 0) return false;
  }
  return true;
}

static void environment(void) {
  bool some = false;
  for (char **variable = environ; *variable; variable++) {
    char *equals = strchr(*variable, '=');
    if (!equals || equals == *variable || !is_first(variable, (size_t)(equals - *variable))) continue;
    if (some) literal(",");
    some = true;
    string(*variable, (size_t)(equals - *variable));
    literal(":");
    string(equals + 1, strlen(equals + 1));
  }
}

static bool window(struct winsize *size) {
  static const int order[] = {1, 2, 0};
  for (size_t i = 0; i < 3; i++) {
    if (ioctl(order[i], TIOCGWINSZ, size) == 0) return true;
  }
  return false;
}

static bool request(void) {
  char directory[PATH_MAX];
  struct stat facts;
  struct winsize size = {0};
  mode_t mask = umask(0);
  umask(mask);
  if (!getcwd(directory, sizeof directory) || *directory != '/' || stat(".", &facts) != 0) return false;
  literal("[\"command\",[{\"args\":[");
  for (int i = 0; i < count; i++) {
    if (i) literal(",");
    string(arguments[i], strlen(arguments[i]));
  }
  literal("],\"name\":");
  string(name, strlen(name));
  literal(",\"cwd\":");
  string(directory, strlen(directory));
  literal(",\"dev\":");
  decimal((int64_t)facts.st_dev);
  literal(",\"ino\":");
  decimal((int64_t)facts.st_ino);
  literal(",\"env\":{");
  environment();
  literal("},\"tty\":[");
  bool terminal = false;
  for (int fd = 0; fd < 3; fd++) {
    bool is_terminal = isatty(fd);
    terminal |= is_terminal;
    literal(is_terminal ? "1" : "0");
    if (fd < 2) literal(",");
  }
  literal("],\"size\":[");
  if (terminal) window(&size);
  decimal(size.ws_col);
  literal(",");
  decimal(size.ws_row);
  literal("],\"umask\":");
  decimal(mask);
  literal(",\"pid\":");
  decimal(getpid());
  literal("}],2]\n");
  return fits;
}

// Sends all, waiting as long as it takes or until the deadline.
static bool send_all(const uint8_t *bytes, size_t size, int64_t until) {
  while (size) {
    ssize_t sent = send(sock, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes += sent;
      size -= (size_t)sent;
    } else if (errno == EAGAIN) {
      if (!await(POLLOUT, until)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// Whether there is an acceptance in what comes behind something that is none of the protocol, and until the end.
static bool may_be_accepted(void) {
  static const char acceptance[] = "[[null";
  size_t matched = 0;
  withdraw();
  do {
    for (; used < have; used++) {
      char byte = (char)buffer[used];
      matched = byte == acceptance[matched] ? matched + 1 : byte == '[' ? (matched == 2 ? 2 : 1) : 0;
      if (!acceptance[matched]) return true;
    }
  } while (receive());
  return false;
}

static bool is_accepted(void) {
  size_t length;
  while (next_line(&length)) {
    if (length < 6 || strcmp(answer + length - 3, ",2]") != 0) continue;
    if (strncmp(answer, "[[null", 6) == 0) return true;
    if (strncmp(answer, "[[{", 3) == 0) return false;
  }
  if (may_be_accepted()) lost();
  return false;
}

static bool ask(void) {
  static uint8_t frame[16] = {0, 0, 2};
  size_t at = 3, size = put;
  do {
    frame[at++] = (uint8_t)((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
  } while (size >>= 7);
  // One write for the usual size: what comes before the line is put right in front of it.
  memmove(line + at, line, put);
  memcpy(line, frame, at);
  asked = true;
  deadline = now() + WAIT_MILLIS;
  if (!send_all((const uint8_t *)line, put + at, deadline)) withdraw();
  return is_accepted();
}

// The terminal.

// With SIGTTOU blocked the background may do it, too.
static void set_modes(const struct termios *modes, int when) {
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  sigprocmask(SIG_BLOCK, &stop, &before);
  while (tcsetattr(0, when, modes) != 0 && errno == EINTR) {
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
}

// A signal in between restores what it need not, and misses nothing.
static void apply(int when) {
  struct termios modes = saved;
  int wanted = mode;
  if (wanted & RAW) {
    modes.c_lflag &= ~(tcflag_t)(ICANON | ISIG | IEXTEN);
    modes.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
  }
  if (wanted & NO_ECHO) modes.c_lflag &= ~(tcflag_t)ECHO;
  if (wanted) changed = 1;
  set_modes(&modes, when);
  if (!wanted) changed = 0;
}

static void restore(int when) {
  mode = 0;
  if (changed) apply(when);
  // It may have been killed.
  if (watcher >= 0) send(watcher, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Restores the terminal if the front is killed: then the other end closes without a byte.
static _Noreturn void watch(int end) {
  char byte;
  setpgid(0, 0);
  dup2(end, 1);
  close(2);
  if (syscall(SYS_close_range, 3, ~0U, 0) != 0) {
    for (int fd = 3; fd < 1024; fd++) close(fd);
  }
  if (read(1, &byte, 1) == 0) tcsetattr(0, TCSANOW, &saved);
  _exit(0);
}

static void start_watcher(void) {
  int ends[2];
  sigset_t all, before;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  // Else a signal could reach a handler of the child, which would send it as well.
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  if (child == 0) watch(ends[1]);
  // Here as well: a kill of the whole group may come before the child has left it.
  setpgid(child, child);
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  watcher = ends[0];
}

static void set_terminal(int wanted) {
  static bool known;
  if (!known) {
    if (!wanted || tcgetattr(0, &saved) != 0) return;
    known = true;
    start_watcher();
  }
  if (!mode && !wanted) return;
  mode = wanted;
  apply(TCSADRAIN);
}

// Signals. A handler sends its piece itself, since the main thread may be blocked in a write to a slow reader; it does so
// only between the main thread's own pieces.

static _Noreturn void die_by(int number) {
  struct rlimit none = {0, 0};
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigset_t set;
  restore(TCSANOW);
  setrlimit(RLIMIT_CORE, &none);
  // A program that takes cores takes them whatever the limit.
  prctl(PR_SET_DUMPABLE, 0);
  sigemptyset(&set);
  sigaddset(&set, number);
  sigaction(number, &action, NULL);
  kill(getpid(), number);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  _exit(SIGNALLED + number);
}

static size_t signal_piece(uint8_t *piece, int number) {
  struct winsize size = {0};
  uint8_t told[] = {SIGNAL, 0, 0, 0, 1, (uint8_t)number};
  if (number != SIGWINCH) {
    memcpy(piece, told, sizeof told);
    return sizeof told;
  }
  if (!window(&size)) return 0;
  uint8_t resized[] = {SIZE, 0, 0, 0, 4, (uint8_t)(size.ws_col >> 8), (uint8_t)size.ws_col, (uint8_t)(size.ws_row >> 8),
                       (uint8_t)size.ws_row};
  memcpy(piece, resized, sizeof resized);
  return sizeof resized;
}

static void tell(int number) {
  uint8_t piece[HEADER + 4];
  size_t size = signal_piece(piece, number);
  if (sending || (size && send(sock, piece, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EAGAIN)) {
    atomic_fetch_or(&unsent, 1u << number);
  }
}

static void on_alarm(int number) {
  die_by(first ? first : number);
}

static void on_signal(int number) {
  int before = errno;
  if (atomic_load(&handled) & 1u << number) {
    tell(number);
  } else if (first) {
    die_by(first);
  } else {
    struct sigaction action = {.sa_handler = on_alarm};
    first = number;
    sigaction(SIGALRM, &action, &alarm_action);
    alarm_before = alarm(GRACE);
    tell(number);
  }
  errno = before;
}

static void on_change(int number) {
  int before = errno;
  if (number == SIGCONT && mode) {
    // In the background the terminal is as the shell wants it.
    changed = 0;
    if (tcgetpgrp(0) == getpgrp()) apply(TCSANOW);
  }
  tell(SIGWINCH);
  errno = before;
}

// In this order: a second signal meanwhile finds the first one, or none and no alarm that is about to be taken away.
static void program_handles(int number) {
  if (number <= 0 || number > MAX_SIGNAL) return;
  atomic_fetch_or(&handled, 1u << number);
  if (first != number) return;
  alarm(alarm_before);
  sigaction(SIGALRM, &alarm_action, NULL);
  first = 0;
}

static void catch(void) {
  static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
  struct sigaction action = {.sa_handler = on_signal}, old;
  sigset_t caught;
  sigemptyset(&caught);
  sigaddset(&caught, SIGALRM);
  // One at a time: all of them share their variables.
  sigfillset(&action.sa_mask);
  for (size_t i = 0; i < 4; i++) {
    if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) sigaction(deadly[i], &action, NULL);
    sigaddset(&caught, deadly[i]);
  }
  // What a JVM starts has SIGQUIT blocked.
  sigprocmask(SIG_UNBLOCK, &caught, NULL);
  action.sa_handler = on_change;
  sigaction(SIGWINCH, &action, NULL);
  sigaction(SIGCONT, &action, NULL);
}

static void send_unsent(void) {
  while (atomic_load(&unsent)) {
    sending = 1;
    unsigned numbers = atomic_exchange(&unsent, 0);
    for (int number = 1; number <= MAX_SIGNAL; number++) {
      uint8_t piece[HEADER + 4];
      if (numbers & 1u << number) send_all(piece, signal_piece(piece, number), INT64_MAX);
    }
    sending = 0;
  }
}

// Sends a piece between those of the handlers. Where the connection is over, reading it says so.
static void send_piece(const uint8_t *piece, size_t size) {
  sending = 1;
  send_all(piece, size, INT64_MAX);
  sending = 0;
  send_unsent();
}

// The streams.

static void write_out(int fd, const uint8_t *bytes, size_t size) {
  while (size && !failure[fd]) {
    ssize_t written = write(fd, bytes, size);
    if (written >= 0) {
      bytes += written;
      size -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd entry = {.fd = fd, .events = POLLOUT};
      poll(&entry, 1, -1);
    } else if (errno != EINTR) {
      failure[fd] = errno;
      uint8_t piece[] = {CLOSED, 0, 0, 0, 2, (uint8_t)fd, (uint8_t)errno};
      send_piece(piece, sizeof piece);
    }
  }
}

// One read(2), as the program has asked for: what comes later is left where it is. An error is the end. False when somebody
// else was quicker.
static bool read_in(size_t most) {
  static uint8_t piece[HEADER + MAX_READ];
  if (most > MAX_READ) most = MAX_READ;
  ssize_t size = read(0, piece + HEADER, most);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size < 0) size = 0;
  taken += (uint64_t)size;
  piece[0] = STDIN;
  piece[1] = 0;
  piece[2] = (uint8_t)(size >> 16);
  piece[3] = (uint8_t)(size >> 8);
  piece[4] = (uint8_t)size;
  send_piece(piece, HEADER + (size_t)size);
  return true;
}

static _Noreturn void lost(void) {
  restore(TCSADRAIN);
  say("the connection to the daemon was lost; the command may have run", "", "");
  _exit(MAY_HAVE_RUN);
}

static _Noreturn void leave(const uint8_t *data) {
  struct stat facts;
  uint64_t consumed = 0;
  int code = data[0], number = data[1] & 0x7f;
  for (int i = 2; i < EXIT_DATA; i++) consumed = consumed << 8 | data[i];
  alarm(0);
  restore(TCSADRAIN);
  // What was read of a file and not used is for the next who reads it.
  if (taken > consumed && fstat(0, &facts) == 0 && S_ISREG(facts.st_mode)) lseek(0, -(off_t)(taken - consumed), SEEK_CUR);
  if (number) die_by(number);
  if (failure[1] && failure[1] != EPIPE) {
    say("cannot write to standard output", "", strerror(failure[1]));
    if (!code) code = 1;
  }
  _exit(code);
}

// More bytes of the connection; ends this process when there are none.
static void more(size_t window_open) {
  while (true) {
    struct pollfd entries[2] = {{.fd = sock, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    send_unsent();
    if (poll(entries, window_open ? 2 : 1, -1) < 0) continue;
    // First: a daemon that goes on sending would keep it waiting for ever.
    if (window_open && entries[1].revents) {
      have = used = 0;
      return;
    }
    if (entries[0].revents) {
      ssize_t size = recv(sock, buffer, sizeof buffer, MSG_DONTWAIT);
      if (size > 0) {
        used = 0;
        have = (size_t)size;
        return;
      }
      if (size == 0 || (errno != EAGAIN && errno != EINTR)) lost();
    }
  }
}

static uint32_t length_of(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static _Noreturn void pass_on(void) {
  uint8_t head[HEADER + EXIT_DATA];
  size_t got = 0;             // of head: the header, and the data of a piece that is no output
  uint32_t left = 0;          // of an output's data
  size_t wanted = 0;          // of standard input
  int output = 0;
  while (true) {
    if (used == have) {
      more(wanted);
      if (used == have) {
        if (read_in(wanted)) wanted = 0;
        continue;
      }
    }
    if (left) {
      size_t size = have - used < left ? have - used : left;
      write_out(output, buffer + used, size);
      used += size;
      left -= (uint32_t)size;
      continue;
    }
    head[got++] = buffer[used++];
    if (got < HEADER) continue;
    uint32_t size = length_of(head + 1);
    if (head[0] == STDOUT || head[0] == STDERR) {
      output = head[0];
      left = size;
      got = 0;
      continue;
    }
    if (size > EXIT_DATA) lost();
    if (got < HEADER + size) continue;
    got = 0;
    const uint8_t *data = head + HEADER;
    if (head[0] == READ && size == 4 && !wanted) {
      wanted = length_of(data);
    } else if (head[0] == TERMINAL && size == 1) {
      set_terminal(data[0] & (RAW | NO_ECHO));
    } else if (head[0] == HANDLED && size == 1) {
      program_handles(data[0]);
    } else if (head[0] == EXIT && size == EXIT_DATA) {
      leave(data);
    } else {
      lost();
    }
  }
}

// A closed standard descriptor would be the socket's.
static void fill(void) {
  for (int fd = 0; fd < 3; fd++) {
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", (fd ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
  }
}

int main(int argc, char **argv) {
  static char script_path[PATH_MAX], stamp_path[PATH_MAX];
  const char *socket_path = NULL, *fingerprint = NULL, *path = stamp_path;
  bool native = settings[sizeof MARKER - 1] != 0;
  if (!native) {
    close(HELD);
    if (argc < 3) {
      say("this program is run by a start script", "", "");
      return CANNOT_RUN;
    }
    path = argv[1];
    script = argv[2];
    name = base(script);
    // What ps(1) shows.
    prctl(PR_SET_NAME, name);
  }
  arguments = argv + (native ? 1 : 3);
  count = argc - (native ? 1 : 3);
  fill();
  if (native && argc > 0 && *base(argv[0])) name = base(argv[0]);
  bool found = !native || find_native(script_path, stamp_path);
  if (!script) {
    say("the start script is not known", "", "");
    return CANNOT_RUN;
  }
  if (!found || is("AUTODAEMON") || is("AUTODAEMON_FRONT") || getuid() != geteuid() || getgid() != getegid() ||
      getauxval(AT_SECURE) || !check_stamp(path, &socket_path, &fingerprint) || !request() || !reach(socket_path) ||
      !is_daemon(fingerprint) || !ask()) {
    cold();
  }
  catch();
  pass_on();
}
