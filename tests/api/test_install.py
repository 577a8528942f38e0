#!/usr/bin/env python3
"""Installs xylem, builds the example agents against the installed headers alone, and runs them."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import run_ok, text_of  # noqa: E402

source, build, xylem = (pathlib.Path(argument) for argument in sys.argv[1:4])


def build_agents(work, prefix):
    """Only what pkg-config says may be needed."""
    library = next(prefix.rglob("libxylem.so")).parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(library / "pkgconfig"))
    define = ["--define-variable", f"prefix={prefix}"]
    flags = text_of("pkg-config", *define, "--cflags", "--libs", "xylem", env=environment).split()
    rpath = f"-Wl,-rpath,{library}"
    cpp, c = work / "agent-cpp", work / "agent-c"
    run_ok("g++", "-std=c++20", "-O0", "-Wall", "-Werror", source / "examples/agent.cpp", "-o", cpp, *flags, rpath)
    run_ok("gcc", "-std=c99", "-Wall", "-Werror", source / "tests/api/agent.c", "-o", c, *flags,
           rpath)
    return cpp, c


def run_quickstarts(work, prefix):
    """The programs of docs/embedding.md compile as they stand, in C with both compilers. Their
    remote has no keys: they say so, and end with the exit code of that kind."""
    library = next(prefix.rglob("libxylem.so")).parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(library / "pkgconfig"))
    flags = text_of("pkg-config", "--define-variable", f"prefix={prefix}", "--cflags", "--libs", "xylem",
                    env=environment).split() + [f"-Wl,-rpath,{library}", "-Wall", "-Werror"]
    text = (source / "docs/embedding.md").read_text()
    compilers = {"cpp": [["g++", "-std=c++20"], ["g++", "-std=c++20", "-DXYLEM_NO_ASYNC"]],
                 "c": [[name, f"-std={standard}"] for name in ("gcc", "clang", "clang-14")
                       for standard in ("c99", "c17") if shutil.which(name)]}
    for language in ("cpp", "c"):  # the first one makes the repository
        code = re.search(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)[1]
        path = work / f"quickstart.{language}"
        path.write_text(code.replace("/srv/repo", str(work / "quick")))
        for number, compiler in enumerate(compilers[language]):
            program = work / f"quickstart-{language}{number}"
            run_ok(*compiler, "-O0", path, "-o", program, *flags)
            done = subprocess.run([str(program)], capture_output=True, text=True)
            assert done.returncode == 8 and "GPG" in done.stderr, (compiler, done)
            assert "gpg-import" in done.stderr, done


def make_repository(work):
    """An archive repository of two files, by the real ostree."""
    repo, tree = work / "source", work / "tree"
    tree.mkdir()
    (tree / "one").write_text("one\n")
    (tree / "two").write_text("two\n")
    run_ok("ostree", "init", "--repo", repo, "--mode=archive")
    return repo, text_of("ostree", "commit", "--repo", repo, "-b", "test", f"--tree=dir={tree}")


def main():
    with tempfile.TemporaryDirectory(prefix="xylem-install-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        prefix = work / "prefix"
        run_ok("meson", "install", "-C", build, "--no-rebuild", "--destdir", work / "root")
        installed = next((work / "root").rglob("include/xylem")).parent.parent
        installed.rename(prefix)
        run_quickstarts(work, prefix)
        cpp, c = build_agents(work, prefix)
        repo, commit = make_repository(work)
        server = subprocess.Popen([xylem, "serve", repo], stdout=subprocess.PIPE, text=True)
        try:
            line = server.stdout.readline()
            port = "".join(ch if ch.isdigit() else " " for ch in line).split()[-1]
            url = f"http://127.0.0.1:{port}"
            printed = text_of(cpp, work / "repo-cpp", url, "test")
            assert f"test is at {commit}\n" in printed, printed
            assert f"test is at {commit} already" in printed, printed
            printed = text_of(c, work / "repo-c", url, "test")
            assert printed == f"{commit} files=2 refs=1 progress=yes", printed
        finally:
            server.terminate()
            server.wait()
        failed = subprocess.run([str(cpp), str(work / "repo-bad"), url, "test"],
                                capture_output=True, text=True)
        assert failed.returncode == 5, failed  # network: nobody listens any more
        assert "error (network):" in failed.stderr, failed.stderr


main()
