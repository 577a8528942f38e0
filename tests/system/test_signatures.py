#!/usr/bin/env python3
"""Every way in which a signature can be right or wrong, with `ostree` beside it.

    test_signatures.py XYLEM

{gpg, ed25519, spki} × {commit, summary} × {good, missing, …}: what `xylem pull` makes of it, with its
exit code and message, and whether nothing of the commit was stored. Prints the table. `ostree` has no
ed25519 and no spki in Debian 12, so it stands beside the rows of GPG only.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from harness import expect, nginx, remove_tree, run_ok, text_of  # noqa: E402
import signing  # noqa: E402

REF = "os/test"
SIGNATURE_INVALID, DOWNGRADE = 8, 14
# What the message must say, for gpg and for engines whose signatures do not name their key.
SAYS = {
    "missing": ("no signature", "no signature"),
    "wrong key": ("unknown key", "unknown key"),
    "expired key": ("expired key", None),
    "expired signature": ("expired signature", None),
    "revoked": ("revoked", "revoked"),
    "corrupted": ("", "damaged"),
    "of another": ("bad signature", "damaged"),
}


class World:
    def __init__(self, xylem, work):
        self.xylem, self.work = xylem, work
        self.gpg = signing.Gpg(work / "gpg")
        self.keys = {(engine, name): signing.make_key(engine, work, name)
                     for engine in signing.KEY_ENGINES for name in ("good", "stranger", "revoked")}
        self.source = work / "source"
        run_ok("ostree", "init", "--repo", self.source, "--mode=archive")
        self.old = self.commit("2026-01-01", "old")
        self.new = self.commit("2026-02-01", "new")
        self.served = work / "served"
        self.served.mkdir()
        self.count = 0

    def commit(self, day, content):
        tree = self.work / "tree"
        tree.mkdir(exist_ok=True)
        (tree / "file").write_text(content)
        return text_of("ostree", "commit", "--repo", self.source, "-b", REF, f"--tree=dir={tree}",
                       f"--timestamp={day} 00:00:00 +0000")

    def sign(self, engine, subject, repo, key="good", rev=REF):
        """Signs with our command and, where it can, with ostree: both must do."""
        program = "ostree" if engine == "gpg" and key != "good" else self.xylem
        gpg = [self.gpg.keys[key]] if engine == "gpg" else []
        home = f"--gpg-homedir={self.gpg.home}"
        if subject == "commit" and engine == "gpg":
            run_ok(program, "gpg-sign", "--repo", repo, home, rev, *gpg)
        elif subject == "commit":
            run_ok(program, "sign", "--repo", repo, f"--sign-type={engine}", rev,
                   self.keys[engine, key][0])
        elif engine == "gpg":
            run_ok(program, "summary", "--repo", repo, "-u", f"--gpg-sign={gpg[0]}", home)
        else:
            run_ok(program, "summary", "--repo", repo, "-u", f"--sign={self.keys[engine, key][0]}",
                   f"--sign-type={engine}")

    def signature_file(self, subject, repo, commit):
        if subject == "summary":
            return repo / "summary.sig"
        return signing.object_path(repo, commit, "commitmeta")

    def prepare(self, engine, subject, case):
        """A repository on the server that is right or wrong in this one way."""
        self.count += 1
        repo = signing.copy_repo(self.source, self.served / f"r{self.count}")
        file = self.signature_file(subject, repo, self.new)
        if case == "missing":
            run_ok("ostree", "summary", "--repo", repo, "-u")
        elif case in ("wrong key", "revoked", "expired key", "expired signature"):
            self.sign_wrongly(engine, subject, repo, case)
        else:
            self.sign(engine, subject, repo)
        if case == "corrupted":
            damage(file)
        elif case == "of another":
            self.exchange(engine, subject, repo, file)
        elif case == "replayed old" and subject == "commit":
            self.sign(engine, subject, repo, rev=self.old)
        elif case == "out of step":
            old_signature = file.read_bytes()
            self.sign(engine, subject, repo)  # a new summary, a second later at the earliest
            run_ok("ostree", "summary", "--repo", repo, "-u", "-m", "note='newer'")
            file.write_bytes(old_signature)
        return repo

    def sign_wrongly(self, engine, subject, repo, case):
        if case == "expired key":
            self.gpg.pretend("faked-system-time 20200601T000000!")
        if case == "expired signature":
            self.gpg.pretend("faked-system-time 20260301T000000!", "default-sig-expire 1d")
        key = {"wrong key": "stranger", "revoked": "revoked", "expired key": "expired",
               "expired signature": "good"}[case]
        try:
            self.sign(engine, subject, repo, key)
        finally:
            self.gpg.pretend()

    def exchange(self, engine, subject, repo, file):
        """A good signature, but of something else."""
        if subject == "summary":
            run_ok("ostree", "summary", "--repo", repo, "-u", "-m", "note='else'")
            self.sign(engine, "commit", repo)
            source = signing.object_path(repo, self.new, "commitmeta")
        else:
            self.sign(engine, subject, repo, rev=self.old)
            source = signing.object_path(repo, self.old, "commitmeta")
        file.write_bytes(source.read_bytes())

    def go_back(self, engine, subject, repo):
        """What the server had before: signed, but older."""
        run_ok("ostree", "refs", "--repo", repo, "--delete", REF)
        run_ok("ostree", "refs", "--repo", repo, "--create", REF, self.old)
        if subject == "summary":
            self.sign(engine, subject, repo)
            for name in ("summary", "summary.sig"):  # nginx tells versions by second and size
                os.utime(repo / name, (1_700_000_000, 1_700_000_000))

    def client(self, engine, subject, url):
        repo = self.work / "client"
        remove_tree(repo)
        run_ok(self.xylem, "init", "--repo", repo, "--mode=bare-user")
        suffix = "-summary" if subject == "summary" else ""
        wanted = f"gpg-verify{suffix}=true" if engine == "gpg" else f"sign-verify{suffix}={engine}"
        words = [f"--set={wanted}"]
        if engine != "gpg" or subject == "summary":
            words.append("--set=gpg-verify=false")
        if engine == "gpg":
            words.append(f"--gpg-import={self.keyring}")
        else:
            public = self.work / f"client-keys/{engine}"
            signing.write_public_key(engine, public, self.keys[engine, "good"][1])
            words.append(f"--set=verification-{engine}-file={public}")
        run_ok(self.xylem, "remote", "add", "--repo", repo, "origin", url, *words)
        return repo

    def pull(self, program, repo, *words):
        keys = [f"--keys-dir={self.work / 'keys'}"] if program == self.xylem else []
        return subprocess.run([str(program), "pull", "--repo", str(repo), *keys, *words, "origin",
                               REF], capture_output=True, text=True, timeout=60)


def damage(file):
    content = bytearray(file.read_bytes())
    content[len(content) - 30] ^= 0x5A  # within the signature, which stands last
    file.write_bytes(content)


def stored(repo):
    return sorted(path.suffix for path in (repo / "objects").rglob("*.*"))


def first_line(done):
    text = done.stderr.strip().replace("\n", " ") or "pulled"
    return re.sub(r"[0-9a-f]{64}", "…", text.split(" hint: ")[0]).removeprefix("error: ")[:110]


def trusting(world, engine):
    """For rows in which the key itself is what the client trusts, and should not."""
    if engine == "gpg":
        return world.gpg.export(world.work / "keyring", "good", "expired", "revoked")
    return None


def run_case(world, server, engine, subject, case):
    repo = world.prepare(engine, subject, case)
    client = world.client(engine, subject, f"{server.url}/{repo.name}")
    if case == "replayed old":
        # Signed, so only the age tells: the server had the newer one before.
        expect(world.pull(world.xylem, client).returncode == 0, "first pull")
        world.go_back(engine, subject, repo)
        done = world.pull(world.xylem, client, "-T")
        expect(done.returncode == DOWNGRADE, engine, subject, case, done)
        theirs = world.pull("ostree", client, "-T") if engine == "gpg" else None
        return done, theirs
    done = world.pull(world.xylem, client)
    if case == "good":
        expect(done.returncode == 0, engine, subject, case, done)
    else:
        words = SAYS.get(case, ("bad signature", "damaged"))[engine != "gpg"]
        expect(done.returncode == SIGNATURE_INVALID and words in done.stderr, engine, subject, case,
               words, done)
        expect("hint: " in done.stderr, done)
        expect(not stored(client), engine, subject, case, stored(client))
    theirs = world.pull("ostree", client) if engine == "gpg" else None
    if theirs:
        expect((theirs.returncode == 0) == (case == "good"), engine, subject, case, theirs)
    run_ok("ostree", "fsck", "-q", "--repo", client)
    return done, theirs


def main():
    xylem = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory(prefix="xylem-signatures-", dir="/var/tmp") as directory:
        work = pathlib.Path(directory)
        work.chmod(0o755)
        world = World(xylem, work)
        # Signatures by the key that is to be withdrawn must be made before.
        prepared = {}
        for subject in ("commit", "summary"):
            prepared[subject] = world.prepare("gpg", subject, "revoked")
        world.gpg.revoke("revoked")
        world.keyring = trusting(world, "gpg")
        for engine in signing.KEY_ENGINES:
            signing.write_public_key(engine, work / f"keys/revoked.{engine}",
                                     world.keys[engine, "revoked"][1])
        original = world.prepare
        world.prepare = lambda engine, subject, case: (
            prepared[subject] if (engine, case) == ("gpg", "revoked")
            else original(engine, subject, case))
        with nginx(work / "nginx", world.served) as server:
            count = table(world, server)
        world.gpg.close()
        print(f"{count} cases")


def table(world, server):
    count = 0
    print(f"{'engine':8} {'subject':8} {'case':18} xylem | ostree")
    for engine in ("gpg", *signing.KEY_ENGINES):
        for subject in ("commit", "summary"):
            cases = ["good", *SAYS, "replayed old"]
            if subject == "summary":
                cases.append("out of step")
            for case in cases:
                if case in SAYS and SAYS[case][engine != "gpg"] is None:
                    print(f"{engine:8} {subject:8} {case:18} (such keys have no end) | -")
                    continue
                ours, theirs = run_case(world, server, engine, subject, case)
                beside = first_line(theirs) if theirs else "-"
                print(f"{engine:8} {subject:8} {case:18} {first_line(ours)} | {beside}", flush=True)
                count += 1
    return count


if __name__ == "__main__":
    main()
