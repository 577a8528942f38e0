// The engine, beside the filter, once it is needed. Programs that never pull carry no C++.

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interpose/filter.h"

/// In the directory that the filter itself was loaded from.
static char* path_of_engine(void) {
  Dl_info info;
  if (dladdr((const void*)&xylem_engine, &info) == 0 || info.dli_fname == NULL) return NULL;
  g_autofree char* directory = g_path_get_dirname(info.dli_fname);
  return g_build_filename(directory, "libxylem-ostree.so", NULL);
}

/// Stays loaded: it has threads and exit handlers that come and go with pulls.
static void* load(char** why) {
  g_autofree char* path = path_of_engine();
  void* handle = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == NULL) *why = g_strdup_printf("the engine cannot be loaded: %s", dlerror());
  return handle;
}

static const char* switch_that_is_off(void) {
  const char* wish = secure_getenv("XYLEM_INTERPOSE");
  if (wish != NULL && strcmp(wish, "0") == 0) return "XYLEM_INTERPOSE=0";
  if (access(XYLEM_INTERPOSE_OFF, F_OK) == 0) return XYLEM_INTERPOSE_OFF " exists";
  return NULL;
}

void* xylem_engine(const char* name, char** note) {
  static gsize once = 0;
  static void* handle = NULL;
  static char* why = NULL;
  const char* off = switch_that_is_off();
  if (off != NULL) {
    *note = g_strdup_printf("switched off: %s", off);
    return NULL;
  }
  if (g_once_init_enter(&once)) {
    handle = load(&why);
    g_once_init_leave(&once, 1);
  }
  if (handle == NULL) {
    *note = g_strdup(why);
    return NULL;
  }
  void* function = dlsym(handle, name);
  if (function == NULL) *note = g_strdup_printf("the engine cannot be loaded: %s", dlerror());
  return function;
}
