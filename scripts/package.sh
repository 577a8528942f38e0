#!/bin/sh
# Builds the Debian packages, checks them with lintian, installs them into a bare Debian 12 and runs
# debian/tests there: a pull from a served repository, and a program that embeds the library. Needs
# root and the network. The packages stay in OUTPUT.
#
#   OUTPUT     where to build, and where the packages go (default: build-packages)
#   MIRROR     of Debian (default: http://deb.debian.org/debian)
#   INSTALL=0  only builds and checks
set -eu
cd "$(dirname "$0")/.."
source_dir=$PWD
mkdir -p "${OUTPUT:-build-packages}"
output=$(cd "${OUTPUT:-build-packages}" && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}

# A copy of what Git tracks: building leaves files in the directory debian/.
copy_source() {
  rm -rf "$output/xylem"
  mkdir "$output/xylem"
  git ls-files -z | xargs -0 cp --parents -Pp -t "$output/xylem"
}

build_packages() {
  rm -f "$output"/*.deb "$output"/*.changes
  (cd "$output/xylem" && dpkg-buildpackage --no-sign "-j${JOBS:-$(nproc)}")
  lintian --allow-root --fail-on error,warning,info "$output"/xylem_*.changes
}

# The bare system is made once; tests run in a copy.
make_root() {
  [ -d "$output/debian-12" ] || {
    rm -rf "$output/debian-12.new"
    debootstrap --variant=minbase bookworm "$output/debian-12.new" "$mirror" >"$output/debootstrap.log"
    mv "$output/debian-12.new" "$output/debian-12"
  }
  rm -rf "$root"
  cp -a "$output/debian-12" "$root"
  mkdir "$root/packages"
  cp "$output"/*.deb "$root/packages"
}

# Runs a command in the bare system, with a /proc of its own.
inside() {
  unshare --mount --pid --fork sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' \
    "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

install_packages() {
  inside apt-get update -q
  inside sh -c 'apt-get install -y -q --no-install-recommends "$@" /packages/*.deb' apt "$@"
}

run_test() {
  cp "$source_dir/debian/tests/$1" "$root/packages/$1"
  inside sh "/packages/$1"
}

test_packages() {
  root=$output/root
  make_root
  # What `embed` compiles with, and systemd to look at the units.
  install_packages g++ pkgconf systemd
  run_test pull
  run_test embed
  inside sh -c 'systemd-analyze verify --man=no /lib/systemd/system/xylem-*.timer \
    /lib/systemd/system/xylem-recover.service'
  inside apt-get purge -y -q xylem xylem-libostree libxylem1 libxylem-dev xylem-doc
  left=$(find "$root/etc/xylem" "$root/var/lib/xylem" "$root"/usr/lib/*/libxylem* 2>/dev/null || true)
  [ -z "$left" ] || { echo "package.sh: left behind by purge: $left" >&2; exit 1; }
  rm -rf "$root"
}

scripts/install-packages.sh build package
copy_source
build_packages
[ "${INSTALL:-1}" = 0 ] || test_packages
echo "The packages are in $output"
