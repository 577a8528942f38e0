// The library that the filter stands before.

#include <dlfcn.h>

#include "interpose/filter.h"

static void* open_real_library(void) {
  // The filter needs it, so it is loaded already. By its path: ours has the same name.
  void* handle = dlopen(XYLEM_REAL_LIBOSTREE, RTLD_LAZY | RTLD_LOCAL);
  if (handle == NULL) g_error("%s", dlerror());
  return handle;
}

void* xylem_real_function(const char* name) {
  static gsize once = 0;
  static void* handle = NULL;
  if (g_once_init_enter(&once)) {
    handle = open_real_library();
    g_once_init_leave(&once, 1);
  }
  void* function = dlsym(handle, name);
  if (function == NULL) g_error("%s: %s", XYLEM_REAL_LIBOSTREE, dlerror());
  return function;
}
