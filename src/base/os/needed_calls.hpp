#pragma once

/// \file
/// The system calls that a pull needs, whatever their arguments: xylem itself, curl, OpenSSL, GLib
/// and the C library, and in child processes gpg and the modules of PKCS #11.
/// tests/system/test_sandbox.py traces pulls with all features and tells what is missing here.
/// Calls that are allowed only with some arguments are in syscall_filter.cpp.

#include <string_view>

namespace xylem {

inline constexpr const char* needed_calls[] = {
    // Reading and writing.
    "read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev",
    "pwritev2", "lseek", "_llseek", "copy_file_range", "sendfile", "sendfile64", "splice",
    "fallocate", "ftruncate", "ftruncate64", "fadvise64", "fadvise64_64", "arm_fadvise64_64",
    "readahead", "fsync", "fdatasync", "syncfs", "sync_file_range", "sync_file_range2",
    // Descriptors.
    "close", "close_range", "dup", "dup2", "dup3", "fcntl", "fcntl64", "flock", "pipe", "pipe2",
    "eventfd", "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_settime64",
    "timerfd_gettime", "timerfd_gettime64", "signalfd", "signalfd4", "inotify_init",
    "inotify_init1", "inotify_add_watch", "inotify_rm_watch", "memfd_create", "pidfd_open",
    // Waiting.
    "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64",
    "epoll_create", "epoll_create1", "epoll_ctl", "epoll_ctl_old", "epoll_wait", "epoll_wait_old",
    "epoll_pwait", "epoll_pwait2", "nanosleep", "clock_nanosleep", "clock_nanosleep_time64",
    "pause", "futex", "futex_time64", "futex_waitv", "restart_syscall",
    // Looking at files.
    "stat", "stat64", "lstat", "lstat64", "fstat", "fstat64", "newfstatat", "fstatat64", "statx",
    "statfs", "statfs64", "fstatfs", "fstatfs64", "access", "faccessat", "faccessat2", "readlink",
    "readlinkat", "getdents", "getdents64", "getcwd", "chdir", "fchdir", "umask", "getxattr",
    "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr",
    // Changing names, which Landlock confines.
    "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link",
    "linkat", "symlink", "symlinkat",
    // Changing what lies beside the bytes.
    "fchown", "fchown32", "fchownat", "utimensat", "utimensat_time64", "setxattr", "lsetxattr",
    "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    // Memory.
    "brk", "mmap", "mmap2", "mprotect", "munmap", "mremap", "madvise", "msync", "mincore", "mlock",
    "mlock2", "munlock", "mlockall", "munlockall", "membarrier",
    // Networks.
    "connect", "bind", "listen", "accept", "accept4", "getsockname", "getpeername", "getsockopt",
    "setsockopt", "send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg",
    "recvmmsg", "recvmmsg_time64", "shutdown",
    // Threads, processes and signals. Namespaces: see clone in syscall_filter.cpp.
    "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4", "waitid", "waitpid",
    "kill", "tgkill", "tkill", "rt_sigaction", "rt_sigprocmask", "rt_sigpending", "rt_sigqueueinfo",
    "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigtimedwait_time64", "sigaltstack",
    "sigreturn", "sigaction", "sigprocmask", "set_robust_list", "get_robust_list",
    "set_tid_address", "rseq", "set_thread_area", "get_thread_area", "arch_prctl", "prctl",
    "set_tls", "cacheflush", "riscv_flush_icache", "sched_yield", "sched_getaffinity",
    "sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min",
    "getpriority", "setpgid", "setsid",
    // Asking about the machine and oneself.
    "uname", "sysinfo", "getrandom", "getcpu", "clock_gettime", "clock_gettime64", "clock_getres",
    "clock_getres_time64", "gettimeofday", "time", "times", "getrusage", "getrlimit", "ugetrlimit",
    "setrlimit", "getpid", "getppid", "gettid", "getpgid", "getpgrp", "getsid", "getuid",
    "getuid32", "geteuid", "geteuid32", "getgid", "getgid32", "getegid", "getegid32", "getresuid",
    "getresuid32", "getresgid", "getresgid32", "getgroups", "getgroups32", "capget",
    // Timers of one's own.
    "alarm", "getitimer", "setitimer", "timer_create", "timer_delete", "timer_gettime",
    "timer_gettime64", "timer_settime", "timer_settime64", "timer_getoverrun"};

}  // namespace xylem
