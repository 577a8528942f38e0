#!/usr/bin/env python3
"""Pulls by static deltas that the real `ostree` makes, from the real nginx.

    test_deltas.py XYLEM
"""

import json
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from delta_site import REF, delta_site, paths_of  # noqa: E402
from gvariant import serialize  # noqa: E402
from harness import ENVIRONMENT, expect, main, run, run_ok, text_of  # noqa: E402
from signing import make_key  # noqa: E402

NOT_FOUND, SIGNATURE = 3, 8


def events(output, name):
    found = [json.loads(line) for line in output.splitlines()]
    return [event for event in found if event["event"] == name]


def codes(output):
    return [event["code"] for event in events(output, "message") if event["warning"]]


def expect_done(done, *details):
    expect(done.status == 0, done.out, done.err, *details)


def run_pull_local(site, repo):
    return run(site.xylem, "pull-local", "--repo", repo, "--remote=origin", site.source, REF)


def requests_of_a_pull(xylem, work):
    """A pull by delta asks for the delta, and for no object but the commit."""
    with delta_site(xylem, work) as site:
        site.generate()
        repo = site.client(site.server.url)
        before = len(site.server.requests())
        expect_done(site.pull(repo))
        asked = paths_of(site.server.requests()[before:])
        objects = [path for path in asked if path.endswith((".filez", ".dirtree", ".dirmeta"))]
        expect(not objects, asked)
        expect(sum(path.startswith("/deltas/") for path in asked) == 2, asked)
        site.expect_second(repo)
        before = len(site.server.requests())
        expect_done(site.pull(repo))
        asked = paths_of(site.server.requests()[before:])
        expect(not [path for path in asked if "delta" in path], "a pull without news", asked)


def disabled(xylem, work):
    """By the option, or by the remote's configuration; an option counts more than that."""
    with delta_site(xylem, work) as site:
        site.generate()
        for options, config in ((["--disable-static-deltas"], []),
                                ([], [("disable-static-deltas", "true")])):
            repo = site.client(site.server.url, config=config)
            before = len(site.server.requests())
            expect_done(site.pull(repo, *options))
            asked = paths_of(site.server.requests()[before:])
            expect(not [path for path in asked if "delta" in path], asked)
            site.expect_second(repo)
        repo = site.client(site.server.url, config=[("disable-static-deltas", "true")])
        expect("1 delta parts" in site.pull(repo, "--require-static-deltas").out)


def required_and_none(xylem, work):
    """The pull fails, and brings nothing, by the option and by the configuration."""
    with delta_site(xylem, work) as site:
        repo = site.client(site.server.url)
        done = site.pull(repo, "--require-static-deltas")
        expect(done.status == NOT_FOUND, done.status, done.err)
        expect(f"Static deltas required, but none found for {REF} to {site.second}" in done.err,
               done.err)
        expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == site.first)
        for value, works in (("true", False), ("upgrade", False), ("all", False)):
            repo = site.client(site.server.url, config=[("require-static-deltas", value)])
            expect((site.pull(repo).status == 0) == works, value)
        repo = site.client(site.server.url, with_first=False,
                           config=[("require-static-deltas", "upgrade")])
        expect_done(site.pull(repo), "the first pull may come object by object")


def broken_parts(xylem, work):
    """A part that is missing or damaged costs the objects of that part, and nothing else."""
    with delta_site(xylem, work) as site:
        delta = site.generate("--max-chunk-size=0")
        parts = sorted(path for path in delta.iterdir() if path.name != "superblock")
        expect(len(parts) > 10, parts)
        content = parts[2].read_bytes()
        for broken in (None, b"", content[:-1], content + b"x", b"g" + content[1:],
                       content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]):
            parts[2].unlink()
            if broken is not None:
                parts[2].write_bytes(broken)
            repo = site.client(site.server.url)
            before = len(site.server.requests())
            done = site.pull(repo, "--progress=json")
            expect_done(done)
            expect(codes(done.out) == ["delta-part-failed"], done.out)
            asked = paths_of(site.server.requests()[before:])
            loose = [path for path in asked if path.endswith((".filez", ".dirtree", ".dirmeta"))]
            expect(len(loose) == 1, loose)
            site.expect_second(repo)
            repo = site.client(site.server.url)
            done = site.pull(repo, "--require-static-deltas")
            expect(done.status != 0 and "Part " in done.err, done.err)
            run_ok("ostree", "fsck", "-q", "--repo", repo)
            parts[2].write_bytes(content)
            expect_done(site.pull(repo, "--require-static-deltas"), "goes on from there")
            site.expect_second(repo)


def bad_superblocks(xylem, work):
    """Missing, damaged, or that of another delta: the pull goes on without."""
    with delta_site(xylem, work) as site:
        other = site.generate("--empty") / "superblock"
        superblock = site.generate() / "superblock"
        content = superblock.read_bytes()
        for broken in (None, b"", content[:-1], bytes(1000), other.read_bytes()):
            superblock.unlink()
            if broken is not None:
                superblock.write_bytes(broken)
            # Listed as it was, which is what a client may see in between, and as it is now.
            for listed in (False, True):
                superblock.parent.mkdir(exist_ok=True)
                if listed and broken is not None:
                    run_ok("ostree", "summary", "-u", "--repo", site.source)
                repo = site.client(site.server.url)
                done = site.pull(repo, "--progress=json")
                expect_done(done)
                expect(codes(done.out) == ["delta-unusable"], broken and broken[:20], done.out)
                site.expect_second(repo)
                repo = site.client(site.server.url)
                expect(site.pull(repo, "--require-static-deltas").status != 0)
            superblock.write_bytes(content)
            run_ok("ostree", "summary", "-u", "--repo", site.source)


def damage(repo, checksum):
    """Flips a byte of a file object of a bare repository."""
    path = repo / f"objects/{checksum[:2]}/{checksum[2:]}.file"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def damaged_source(xylem, work):
    """A file that the delta reads from is damaged here: it is fetched again, and so is the part."""
    with delta_site(xylem, work) as site:
        site.generate("--max-chunk-size=0")
        listing = run_ok("ostree", "ls", "-C", "--repo", site.source, site.first, "/lib/front")
        front = listing.split()[4]
        repo = site.client(site.server.url, "bare-user-only")
        damage(repo, front)
        done = site.pull(repo, "--progress=json")
        expect_done(done)
        expect(codes(done.out) == ["delta-part-failed", "delta-source-damaged"], done.out)
        expect(any(front in event["text"] for event in events(done.out, "message")), done.out)
        site.expect_second(repo)
        # The server does not have it any more: the pull does not need it, and fsck knows.
        repo = site.client(site.server.url, "bare-user-only")
        damage(repo, front)
        (site.source / f"objects/{front[:2]}/{front[2:]}.filez").unlink()
        expect_done(site.pull(repo))
        marker = repo / f"state/{site.first}.commitpartial"
        expect(marker.read_text() == "f")
        expect(text_of("ostree", "rev-parse", "--repo", repo, f"origin:{REF}") == site.second)


def mirrored(xylem, work):
    """A mirror has the very deltas of its source, and serves them; what it has stays."""
    with delta_site(xylem, work) as site:
        site.generate("--max-chunk-size=0")
        site.generate("--empty", "--inline")
        repo = work / "mirror"
        run_ok("ostree", "init", "--repo", repo, "--mode=archive")
        run_ok("ostree", "remote", "add", "--repo", repo, "--no-gpg-verify", "origin",
               site.server.url)
        for again in (False, True):
            before = len(site.server.requests())
            expect_done(site.pull(repo, "--mirror"))
            asked = paths_of(site.server.requests()[before:])
            deltas = [path for path in asked if path.startswith("/deltas/")]
            parts = [path for path in deltas if not path.endswith("/superblock")]
            expect(len(parts) == len(set(parts)), parts)
            expect(not again or not deltas, deltas)
            files = {str(path.relative_to(site.source)): path.read_bytes()
                     for path in site.source.glob("deltas/*/*/*")}
            kept = {str(path.relative_to(repo)): path.read_bytes()
                    for path in repo.glob("deltas/*/*/*")}
            expect(files == kept, files.keys() ^ kept.keys())
        client = site.client(f"file://{repo}")
        expect("delta parts" in site.pull(client, "--require-static-deltas").out)
        site.expect_second(client)
        run_ok("ostree", "fsck", "-q", "--repo", repo)
        repo = work / "plain"
        run_ok("ostree", "init", "--repo", repo, "--mode=archive")
        run_ok("ostree", "remote", "add", "--repo", repo, "--no-gpg-verify", "origin",
               site.server.url)
        expect_done(site.pull(repo, "--mirror", "--disable-static-deltas"))
        expect(not (repo / "deltas").exists())


def peak_of(site, repo, *options):
    """The most memory that a pull had, in bytes."""
    pull = subprocess.Popen([site.xylem, "pull", "--quiet", "--repo", repo, "origin", *options, REF],
                            env=ENVIRONMENT)
    _, status, usage = os.wait4(pull.pid, 0)
    expect(status == 0, options)
    return usage.ru_maxrss * 1024


def little_memory(xylem, work):
    """Payloads and sources of up to 40 MB, and other parts beside them."""
    with delta_site(xylem, work) as site:
        dice = random.Random(5)
        blocks = [dice.randbytes(1 << 20) for _ in range(4)]
        for name, count in (("huge", 40), ("other", 24)):
            (site.tree / f"lib/{name}").write_bytes(b"".join(dice.choices(blocks, k=count)))
        site.commit(plain=True)
        site.first = text_of("ostree", "rev-parse", "--repo", site.source, REF)
        for name, count in (("huge", 40), ("other", 24), ("more", 24)):
            (site.tree / f"lib/{name}").write_bytes(b"".join(dice.choices(blocks, k=count)))
        site.second = site.commit(plain=True)
        site.generate("--disable-bsdiff", "--max-chunk-size=32")
        plain = peak_of(site, site.client(site.server.url), "--disable-static-deltas")
        repo = site.client(site.server.url)
        delta = peak_of(site, repo, "--require-static-deltas")
        site.expect_second(repo)
        expect(delta <= plain + (64 << 20), f"{delta >> 20} MiB, and {plain >> 20} without a delta")
        print(f"    {delta >> 20} MiB, and {plain >> 20} MiB without a delta", flush=True)


def signed_by(pem, superblock):
    """The superblock in the envelope that `ostree` writes."""
    signature = pem.with_suffix(".signature")
    plain = pem.with_suffix(".superblock")
    plain.write_bytes(superblock)
    run_ok("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", pem, "-in", plain, "-out", signature)
    signatures = [("ostree.sign.ed25519", ("aay", [signature.read_bytes()]))]
    return serialize("(taya{sv})", (int.from_bytes(b"OSTSGNDT", "big"), superblock, signatures))


def signed(xylem, work):
    """A signature is checked before anything of the delta is used, and can be asked for."""
    with delta_site(xylem, work) as site:
        superblock = site.generate() / "superblock"
        plain = superblock.read_bytes()
        _, public = make_key("ed25519", work, "good")
        _, stranger = make_key("ed25519", work, "stranger")
        envelope = signed_by(work / "ed25519-good.pem", plain)
        tampered = bytearray(envelope)
        tampered[8 + len(plain) - 40] ^= 1
        asked = ("sign-verify-deltas", "true")
        for content, config, is_used in (
                (envelope, [asked, ("verification-ed25519-key", public)], True),
                (envelope, [], True),
                (envelope, [asked, ("verification-ed25519-key", stranger)], False),
                (bytes(tampered), [asked, ("verification-ed25519-key", public)], False),
                (plain, [asked, ("verification-ed25519-key", public)], False)):
            superblock.write_bytes(content)
            run_ok("ostree", "summary", "-u", "--repo", site.source)
            repo = site.client(site.server.url, config=config)
            done = site.pull(repo, "--progress=json")
            expect_done(done, config)
            expect(codes(done.out) == ([] if is_used else ["delta-unusable"]), done.out)
            site.expect_second(repo)
            repo = site.client(site.server.url, config=config)
            done = site.pull(repo, "--require-static-deltas")
            expect(done.status == (0 if is_used else SIGNATURE), done.status, done.err)


def local_sources(xylem, work):
    """A delta is used if it is required, or if the objects are not there."""
    with delta_site(xylem, work) as site:
        site.generate()
        url = f"file://{site.source}"
        repo = site.client(url)
        expect("delta" not in site.pull(repo).out)
        site.expect_second(repo)
        repo = site.client(url)
        expect_done(site.pull(repo, "--require-static-deltas"))
        site.expect_second(repo)
        repos = [site.client(url, name="one"), site.client(url, name="two")]
        site.drop_loose()
        expect_done(site.pull(repos[0]))
        site.expect_second(repos[0])
        expect_done(run_pull_local(site, repos[1]))
        site.expect_second(repos[1])


main(requests_of_a_pull, disabled, required_and_none, broken_parts,
     bad_superblocks, damaged_source, mirrored, little_memory, signed, local_sources)
