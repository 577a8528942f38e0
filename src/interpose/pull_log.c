// A line for each call, for whoever wants to know whose pulls, summaries and deltas they are.

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/filter.h"

void xylem_log_call(const char* who, const char* what, const char* source, const char* note) {
  const char* path = secure_getenv("XYLEM_INTERPOSE_LOG");
  if (path == NULL || path[0] == '\0') return;
  g_autofree char* line =
      g_strdup_printf("%s %s[%d] %s%s: %s", who, program_invocation_short_name, (int)getpid(), what,
                      source == NULL ? "?" : source, note == NULL ? "" : note);
  // Messages may have line ends of their own.
  g_strdelimit(line, "\r\n", ' ');
  g_autofree char* text = g_strconcat(line, "\n", NULL);
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
  if (fd < 0) return;
  // One write, so that lines of several processes do not mix. Nobody misses one that fails.
  const ssize_t written = write(fd, text, strlen(text));
  (void)written;
  close(fd);
}
