#include "base/os/syscall_filter.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "base/os/os_check.hpp"

namespace xylem {

namespace {

constexpr const char* unneeded_calls[] = {
    // Other processes.
    "kcmp", "move_pages", "migrate_pages", "pidfd_getfd", "process_madvise", "process_vm_readv",
    "process_vm_writev", "ptrace",
    // File systems, and files by other ways than a path.
    "chroot", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount",
    "name_to_handle_at", "open_by_handle_at", "open_tree", "pivot_root", "quotactl", "quotactl_fd",
    "swapoff", "swapon", "umount", "umount2",
    // Devices, by which disks could be written; files that may only be read (old Landlocks).
    "mknod", "mknodat", "truncate", "truncate64",
    // The kernel itself.
    "acct", "bpf", "delete_module", "finit_module", "init_module", "ioperm", "iopl",
    "kexec_file_load", "kexec_load", "lookup_dcookie", "perf_event_open", "reboot", "syslog",
    "userfaultfd", "vhangup",
    // The clock and the names of the machine.
    "adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64",
    "setdomainname", "sethostname", "settimeofday",
    // Keys of other programs.
    "add_key", "keyctl", "request_key",
    // What would go around this filter.
    "io_uring_enter", "io_uring_register", "io_uring_setup", "setns", "unshare"};

struct FilterRelease {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterRelease>;

void require(int result) {
  if (result < 0) os::fail(-result, "Making", "a filter of system calls");
}

/// Calls that this processor does not have need no rule.
void refuse(const Filter& filter, const char* name, int error_number = EPERM) {
  const int number = ::seccomp_syscall_resolve_name(name);
  if (number < 0) return;
  require(::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(error_number), number, 0));
}

void refuse_if(const Filter& filter, int number, scmp_arg_cmp condition) {
  require(::seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 1, &condition));
}

/// The bits `mask` of an argument are `value`.
scmp_arg_cmp bits_are(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

void refuse_namespaces(const Filter& filter) {
#if defined(__s390__)
  constexpr unsigned flags = 1;
#else
  constexpr unsigned flags = 0;
#endif
  refuse_if(filter, SCMP_SYS(clone), bits_are(flags, CLONE_NEWUSER, CLONE_NEWUSER));
  // Its flags are in memory, out of a filter's sight; without it the C library uses clone().
  refuse(filter, "clone3", ENOSYS);
}

void refuse_typing(const Filter& filter) {
  constexpr std::uint64_t request_bits = 0xffffffff;
  constexpr std::uint64_t console_control = 0x541c;  // TIOCLINUX, which can paste
  for (const std::uint64_t request : {std::uint64_t{TIOCSTI}, console_control})
    refuse_if(filter, SCMP_SYS(ioctl), bits_are(1, request_bits, request));
}

/// Opening to read, and emptying: before version 3 Landlock lets it pass.
void refuse_emptying(const Filter& filter) {
  constexpr std::uint64_t bits = O_ACCMODE | O_TRUNC;
  refuse_if(filter, SCMP_SYS(open), bits_are(1, bits, O_TRUNC));
  refuse_if(filter, SCMP_SYS(openat), bits_are(2, bits, O_TRUNC));
}

void refuse_family(const Filter& filter, scmp_compare compare, std::uint64_t family) {
  refuse_if(filter, SCMP_SYS(socket), {.arg = 0, .op = compare, .datum_a = family, .datum_b = 0});
}

/// Networks of other kinds, old and raw ones.
void refuse_families(const Filter& filter) {
  constexpr std::array<std::uint64_t, 4> needed{AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
  for (std::uint64_t family = AF_UNSPEC; family < AF_NETLINK; ++family)
    if (std::ranges::find(needed, family) == needed.end())
      refuse_family(filter, SCMP_CMP_EQ, family);
  refuse_family(filter, SCMP_CMP_GT, AF_NETLINK);
}

}  // namespace

bool forbid_unneeded_calls() {
  const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return false;
  for (const char* name : unneeded_calls) refuse(filter, name);
  refuse_namespaces(filter);
  refuse_typing(filter);
  refuse_emptying(filter);
  refuse_families(filter);
  // Else all that the kernel refuses looks the same.
  require(::seccomp_attr_set(filter.get(), SCMP_FLTATR_API_SYSRAWRC, 1));
  const int result = ::seccomp_load(filter.get());
  if (result == -EINVAL || result == -ENOSYS) return false;
  require(result);
  return true;
}

}  // namespace xylem
