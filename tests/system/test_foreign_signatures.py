#!/usr/bin/env python3
"""Signatures of libostree 2026.4, pulled with keys from every place where keys may be, and ours, which
must be the same bytes.

    test_foreign_signatures.py XYLEM TEST_DATA

The recorded repository (TEST_DATA/ostree-2026.4) has commits signed by ed25519 and spki, and a summary
signed by ed25519. Debian's `ostree` knows neither engine.
"""

import base64
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, nginx, remove_tree, run_ok, text_of  # noqa: E402
import signing  # noqa: E402

REF = "os/test"
SIGNATURE_INVALID = 8
SUMMARY_OF = {"commit": "", "summary": "-summary"}


class World:
    def __init__(self, xylem, data, work):
        self.xylem, self.work = xylem, work
        self.keys = data / "keys"
        run_ok("tar", "-xJf", data / "repo.tar.xz", "-C", work)
        self.served = work / "repo"
        self.commit = (self.served / "refs/heads" / REF).read_text().strip()

    def public(self, engine, name=""):
        """The path of a public key."""
        end = {"ed25519": ".public", "spki": ".public.pem"}[engine]
        return self.keys / f"{engine}{name}{end}"

    def public_text(self, engine, name=""):
        """The key in base64, as the configuration has it."""
        lines = self.public(engine, name).read_text().splitlines()
        return "".join(line for line in lines if not line.startswith("---"))

    def system_dir(self, engine, trusted=(), revoked=(), spread=False):
        """A directory as /etc/ostree is, in files or in directories of files."""
        root = self.work / "system"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        for kind, names in (("trusted", trusted), ("revoked", revoked)):
            for name in names:
                path = root / f"{kind}.{engine}"
                if spread:
                    path = root / f"{kind}.{engine}.d/key"
                    path.parent.mkdir()
                shutil.copy(self.public(engine, name), path)
        return root

    def pull(self, url, engine, subject, settings=(), system=None):
        repo = self.work / "client"
        remove_tree(repo)
        run_ok(self.xylem, "init", "--repo", repo, "--mode=bare-user")
        wanted = f"sign-verify{SUMMARY_OF[subject]}={engine}"
        run_ok(self.xylem, "remote", "add", "--repo", repo, "--no-gpg-verify", f"--set={wanted}",
               *(f"--set={setting}" for setting in settings), "origin", url)
        system = system or self.system_dir("ed25519")
        done = subprocess.run([str(self.xylem), "pull", "--repo", str(repo),
                               f"--keys-dir={system}", "origin", REF], capture_output=True,
                              text=True, timeout=60)
        if done.returncode == 0:
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == self.commit)
        else:
            expect(not list((repo / "objects").glob("*/*")), "something was stored")
        return done


def expect_refused(done, *what):
    expect(done.returncode == SIGNATURE_INVALID and "hint: " in done.stderr, *what, done)


def keys_of_the_remote(world, url, engine, subject):
    good = world.public_text(engine)
    other = "-other" if engine == "ed25519" else "-rsa"
    for setting, right in ((f"key={good}", True), (f"file={world.public(engine)}", True),
                           (f"key={world.public_text(engine, other)}", False),
                           (f"file={world.public(engine, other)}", False)):
        done = world.pull(url, engine, subject, [f"verification-{engine}-{setting}"])
        if right:
            expect(done.returncode == 0, engine, subject, setting, done)
        else:
            expect_refused(done, engine, subject, setting)
    # A revoked key is not trusted, wherever it comes from.
    for spread in (False, True):
        system = world.system_dir(engine, revoked=[""], spread=spread)
        done = world.pull(url, engine, subject, [f"verification-{engine}-key={good}"], system)
        expect_refused(done, engine, subject, "revoked")
        expect("revoked" in done.stderr, done)
    expect_refused(world.pull(url, engine, subject), engine, subject, "no key")


def keys_of_the_system(world, url, engine, subject):
    other = "-other" if engine == "ed25519" else "-rsa"
    for spread in (False, True):
        for trusted, revoked, right in (([""], [], True), ([other], [], False),
                                        ([""], [""], False), ([""], [other], True), ([], [], False)):
            system = world.system_dir(engine, trusted, revoked, spread)
            done = world.pull(url, "true", subject, system=system)
            if right:
                expect(done.returncode == 0, engine, subject, trusted, revoked, done)
            else:
                expect_refused(done, engine, subject, trusted, revoked)


def both_engines(world, url):
    """One of several is enough; a list names what counts."""
    wrong = f"verification-ed25519-key={world.public_text('ed25519', '-other')}"
    right = f"verification-spki-file={world.public('spki')}"
    expect(world.pull(url, "ed25519;spki", "commit", [wrong, right]).returncode == 0)
    expect_refused(world.pull(url, "ed25519", "commit", [wrong, right]))


def our_signatures_are_the_same(world):
    """ed25519 leaves no choice: the same key must make the same bytes."""
    ours = world.work / "ours"
    shutil.copytree(world.served, ours)
    path = signing.object_path(ours, world.commit, "commitmeta")
    theirs = path.read_bytes()
    for engine in signing.KEY_ENGINES:
        secret = world.keys / ("ed25519.secret" if engine == "ed25519" else "spki.secret.pem")
        public = world.public_text(engine)
        sign = (world.xylem, "sign", "--repo", ours, f"--sign-type={engine}")
        run_ok(*sign, "--verify", world.commit, public)
        run_ok(*sign, "--delete", world.commit, public)
        expect(path.read_bytes() != theirs, "nothing was deleted")
        run_ok(*sign, f"--keys-file={secret}", world.commit)
        run_ok(*sign, "--verify", world.commit, public)
    for key in ("ostree.sign.ed25519", "ostree.sign.spki"):
        expect(signature_behind(path.read_bytes(), key) == signature_behind(theirs, key), key)


def signature_behind(metadata, key):
    """The 64 bytes behind a key and the padding of its value."""
    start = metadata.index(key.encode() + b"\0") + len(key) + 1
    return base64.b64encode(metadata[start + -start % 8:][:64])


def main():
    xylem, data = pathlib.Path(sys.argv[1]).absolute(), pathlib.Path(sys.argv[2]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-foreign-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        world = World(xylem, data / "ostree-2026.4", work)
        with nginx(work / "nginx", world.served) as server:
            for engine, subject in (("ed25519", "commit"), ("ed25519", "summary"),
                                    ("spki", "commit")):
                keys_of_the_remote(world, server.url, engine, subject)
                keys_of_the_system(world, server.url, engine, subject)
                print(f"ok: {engine} {subject}", flush=True)
            both_engines(world, server.url)
            print("ok: both engines", flush=True)
        our_signatures_are_the_same(world)
        print("ok: ours are the same bytes", flush=True)


if __name__ == "__main__":
    main()
