#include "base/os/syscall_filter.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

#include "base/os/needed_calls.hpp"
#include "base/os/os_check.hpp"

namespace xylem {

namespace {

struct FilterRelease {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterRelease>;

void require(int result) {
  if (result < 0) os::fail(-result, "Making", "a filter of system calls");
}

bool is_needed(std::string_view name) {
  return std::ranges::find(needed_calls, name) != std::end(needed_calls);
}

/// Calls that this processor does not have need no rule.
void act(const Filter& filter, std::uint32_t action, const char* name,
         const std::vector<scmp_arg_cmp>& conditions) {
  const int number = ::seccomp_syscall_resolve_name(name);
  if (number < 0) return;
  require(::seccomp_rule_add_array(filter.get(), action, number,
                                   static_cast<unsigned>(conditions.size()), conditions.data()));
}

void allow(const Filter& filter, const char* name,
           const std::vector<scmp_arg_cmp>& conditions = {}) {
  act(filter, SCMP_ACT_ALLOW, name, conditions);
}

/// As a kernel that does not know them: the C library, or we, do without.
void hide(const Filter& filter, const char* name) {
  act(filter, SCMP_ACT_ERRNO(ENOSYS), name, {});
}

scmp_arg_cmp is(unsigned argument, std::uint64_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}

/// The bits `mask` of an argument are `value`.
scmp_arg_cmp bits_are(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

constexpr std::uint64_t set_id_bits = S_ISUID | S_ISGID;

/// New threads and processes, but no namespaces of their own.
void allow_clone(const Filter& filter) {
#if defined(__s390__)
  constexpr unsigned flags = 1;
#else
  constexpr unsigned flags = 0;
#endif
  constexpr std::uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                       CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  allow(filter, "clone", {bits_are(flags, namespaces, 0)});
}

/// Not to empty a file that is opened to be read, which old Landlocks let pass, and not to make a
/// file that runs as somebody else.
void allow_open(const Filter& filter, const char* name, unsigned flags) {
  constexpr std::uint64_t makes_file = O_CREAT | (O_TMPFILE & ~O_DIRECTORY);
  const unsigned mode = flags + 1;
  for (const std::uint64_t access : {O_RDONLY, O_WRONLY, O_RDWR}) {
    const std::uint64_t refused = access == O_RDONLY ? O_TRUNC : 0;
    allow(filter, name, {bits_are(flags, O_ACCMODE | refused | makes_file, access)});
    allow(filter, name,
          {bits_are(flags, O_ACCMODE | refused, access), bits_are(mode, set_id_bits, 0)});
  }
}

/// What asks files and terminals, shares extents, and looks up network interfaces.
void allow_ioctls(const Filter& filter) {
  constexpr std::uint64_t request_bits = 0xffffffff;
  for (const std::uint64_t request :
       {std::uint64_t{TCGETS}, std::uint64_t{TIOCGWINSZ}, std::uint64_t{FIONREAD},
        std::uint64_t{FIONBIO}, std::uint64_t{FIOCLEX}, std::uint64_t{FICLONE},
        std::uint64_t{FICLONERANGE}, std::uint64_t{SIOCGIFINDEX}, std::uint64_t{SIOCGIFNAME},
        std::uint64_t{SIOCGIFCONF}})
    allow(filter, "ioctl", {bits_are(1, request_bits, request)});
}

void allow_sockets(const Filter& filter) {
  for (const std::uint64_t family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK})
    allow(filter, "socket", {is(0, family)});
  allow(filter, "socketpair", {is(0, AF_UNIX)});
}

/// What a process may set only of itself: 0 means the caller.
void allow_for_self(const Filter& filter) {
  for (const char* name : {"prlimit64", "sched_setscheduler"}) allow(filter, name, {is(0, 0)});
}

void allow_needed(const Filter& filter, SetIdFiles set_id_files) {
  for (const char* name : needed_calls) allow(filter, name);
  allow_clone(filter);
  allow_open(filter, "open", 1);
  allow_open(filter, "openat", 2);
  allow_ioctls(filter);
  allow_sockets(filter);
  allow_for_self(filter);
  if (set_id_files == SetIdFiles::Allowed)
    allow(filter, "fchmod");
  else
    allow(filter, "fchmod", {bits_are(1, set_id_bits, 0)});
  // Their arguments are in memory, out of a filter's sight; or they are newer than this list.
  for (const char* name : {"clone3", "openat2", "fchmodat2", "faccessat2", "statx", "rseq",
                           "epoll_pwait2", "close_range", "mseal", "futex_waitv"})
    if (!is_needed(name)) hide(filter, name);
}

}  // namespace

bool forbid_unneeded_calls(SetIdFiles set_id_files) {
  const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) return false;
  allow_needed(filter, set_id_files);
  // By halves, not one after the other. Older libraries cannot do it, and it only saves time.
  constexpr std::uint32_t binary_tree = 2;
  static_cast<void>(::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, binary_tree));
  // Else all that the kernel refuses looks the same.
  require(::seccomp_attr_set(filter.get(), SCMP_FLTATR_API_SYSRAWRC, 1));
  const int result = ::seccomp_load(filter.get());
  if (result == -EINVAL || result == -ENOSYS) return false;
  require(result);
  return true;
}

}  // namespace xylem
