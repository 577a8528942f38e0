#!/usr/bin/env python3
"""Two trees of the same Debian packages: as the stable release has them, and with its security
updates. Needs apt's lists of both.

    debian_updates.py DIRECTORY [PACKAGE…]

Makes DIRECTORY/old and DIRECTORY/new. Packages of which there is no update are in both trees.
"""

import pathlib
import re
import subprocess
import sys

RELEASE, SECURITY = "bookworm/main", "bookworm-security/main"
PACKAGES = """apache2-bin bash bind9-libs coreutils curl git gnupg gpg krb5-locales libapr1 libc-bin
    libc6 libcups2 libcurl3-gnutls libcurl4 libexpat1 libfreetype6 libgnutls30 libgssapi-krb5-2
    libjxl0.7 libkrb5-3 libpam-modules libperl5.36 libpng16-16 libpq5 libpython3.11 libpython3.11-minimal
    libpython3.11-stdlib libsoup2.4-1 libsqlite3-0 libssh-gcrypt-4 libssl3 libsystemd0 libtiff6
    libudev1 libvpx7 libwebp7 libx11-6 libxml2 libxslt1.1 linux-image-amd64 nginx nginx-common openssh-client
    openssh-server openssl perl perl-base perl-modules-5.36 postgresql-15 postgresql-client-15
    python3.11 python3.11-minimal samba-libs sudo systemd tzdata vim vim-common vim-runtime
    wpasupplicant xserver-xorg-core""".split()


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def versions(package):
    """The newest one of the release, and of the security updates."""
    found = {}
    for line in run("apt-cache", "madison", package).splitlines():
        _, version, source = (field.strip() for field in line.split("|"))
        for suite in (RELEASE, SECURITY):
            if f" {suite} " in f" {source} ":
                found.setdefault(suite, version)
    old = found.get(RELEASE)
    new = found.get(SECURITY, old)
    return old, new if subprocess.run(["dpkg", "--compare-versions", new, "gt", old],
                                      check=False).returncode == 0 else old


def kernel_of(version):
    """The package that `linux-image-amd64` of this version is about."""
    shown = run("apt-cache", "show", f"linux-image-amd64={version}")
    return re.search(r"^Depends: (\S+)", shown, re.MULTILINE)[1]


def unpack(package, version, tree, downloads):
    if package == "linux-image-amd64":
        package = kernel_of(version)
    run("apt-get", "download", f"{package}={version}", cwd=downloads)
    escaped = version.replace(":", "%3a")
    archive = next(downloads.glob(f"{package}_{escaped}_*.deb"))
    run("dpkg-deb", "-x", str(archive), str(tree))
    archive.unlink()


def main():
    place = pathlib.Path(sys.argv[1])
    downloads = place / "downloads"
    downloads.mkdir(parents=True)
    updated = 0
    for package in sys.argv[2:] or PACKAGES:
        try:
            old, new = versions(package)
            unpack(package, old, place / "old", downloads)
            unpack(package, new, place / "new", downloads)
        except (subprocess.CalledProcessError, TypeError, StopIteration) as error:
            print(f"left out: {package}: {error}", file=sys.stderr)
            continue
        updated += old != new
        print(f"{package} {old} {new if new != old else ''}", flush=True)
    downloads.rmdir()
    print(f"{updated} packages have updates")


main()
