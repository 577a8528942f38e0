#!/bin/sh
# From a bare Debian 12 to a first pull: builds xylem, makes a small repository, serves it on this
# machine, pulls it, checks it and checks it out. Nothing outside of the build directory and of one
# temporary directory is touched, but for the packages that building needs.
set -eu
cd "$(dirname "$0")/.."
source_dir=$PWD
build_dir=${BUILD_DIR:-$source_dir/build}

step() {
  printf '\n== %s\n' "$*"
}

# Shows a command as one would type it, and runs it.
show() {
  printf '$ xylem'
  printf ' %s' "$@"
  printf '\n'
  "$xylem" "$@"
}

step "Packages"
scripts/install-packages.sh build
echo "Everything is there."

step "Building into $build_dir"
# Compiling each library as one source is the fastest way to build once.
[ -f "$build_dir/build.ninja" ] ||
  meson setup "$build_dir" -Dtests=disabled --buildtype=release --unity=on --unity-size=1000 \
    -Db_pch=false
ninja -C "$build_dir" src/cli/xylem
xylem=$build_dir/src/cli/xylem
"$xylem" --version

work=$(mktemp -d "${TMPDIR:-/tmp}/xylem-quickstart-XXXXXX")
cd "$work"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

step "A small tree, committed to a repository"
mkdir -p tree/etc tree/usr/bin tree/usr/share/doc
echo 'NAME="Quickstart OS"' >tree/etc/os-release
printf '#!/bin/sh\necho "Hello from a tree that was pulled."\n' >tree/usr/bin/hello
chmod 755 tree/usr/bin/hello
ln -s usr/bin tree/bin
cp -r "$source_dir/docs" tree/usr/share/doc/xylem
show init --repo=server --mode=archive
show commit --repo=server --branch=demo/os --subject=First --tree=dir=tree
show summary --repo=server -u

step "Served on this machine only"
"$xylem" serve --repo=server --port-file=port &
server=$!
while [ ! -s port ]; do
  kill -0 "$server"
  sleep 0.1
done
url=http://127.0.0.1:$(cat port)

step "Pulled into a repository of another mode"
show init --repo=client --mode=bare-user
show remote add --repo=client --no-gpg-verify origin "$url"
show pull --repo=client origin demo/os

step "Pulled again: there is nothing to do"
show pull --repo=client origin demo/os

step "Checked, and checked out"
show fsck --repo=client
show checkout --repo=client -U origin:demo/os checkout
show ls --repo=client origin:demo/os /usr/bin
checkout/bin/hello
diff -r --no-dereference tree checkout && echo "The checkout is the same as the tree."

cat <<END

It works. All of it is in $work (remove it when you have seen enough).

What next:
  $xylem --help
                                  all commands; each has its own --help
  $xylem pull --repo=REPO --progress=json REMOTE REF
                                  a pull that a program can follow
  docs/operations.md              what to do when a pull fails
  docs/embedding.md               the library, for C++ and C
  scripts/test.sh                 the tests
END
