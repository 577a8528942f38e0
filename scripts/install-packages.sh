#!/bin/sh
# Installs the Debian packages that a job needs, unless they are there already.
#
#   scripts/install-packages.sh build        to compile xylem
#   scripts/install-packages.sh build test   to run its tests too
#   scripts/install-packages.sh build test lint bench package
#
# Works on Debian 12 and later, as root or with sudo; needs nothing when nothing is missing.
set -eu

packages_for() {
  case $1 in
    build)
      echo g++ meson ninja-build pkg-config ca-certificates \
        libarchive-dev libboost1.81-dev libcli11-dev libcurl4-openssl-dev libdeflate-dev \
        libdivsufsort-dev libfmt-dev libglib2.0-dev libgpgme-dev libisal-dev liblzma-dev \
        libseccomp-dev libselinux1-dev libssl-dev \
        nlohmann-json3-dev zlib1g-dev ;;
    test)
      echo bzip2 catch2 cpio flatpak flatpak-tests fuse3 gettext gnupg libostree-dev ostree nginx-light openssl attr \
        curl dbus git python3 procps socat strace xz-utils \
        libengine-pkcs11-openssl ostree-tests microsocks nghttp2-proxy softhsm2 squid systemd \
        fish zsh zstd ;;
    lint)
      echo clang-format clang-tidy ;;
    bench)
      echo libbenchmark-dev debootstrap nginx-light ostree curl python3 strace ;;
    package)
      echo debhelper debootstrap dpkg-dev libostree-dev lintian ;;
    *)
      echo "install-packages.sh: no such job: $1 (build, test, lint, bench or package)" >&2
      exit 2 ;;
  esac
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "install-packages.sh: only root can install: $missing" >&2
    exit 1
  fi
}

missing=
for job in "${@:-build}"; do
  for package in $(packages_for "$job"); do
    is_installed "$package" || missing="$missing $package"
  done
done
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
as_root apt-get update -q
# shellcheck disable=SC2086 # One word for each package.
as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends $missing
