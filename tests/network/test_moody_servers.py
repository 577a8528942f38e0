#!/usr/bin/env python3
"""Servers, proxies and portals that people have met, one peculiarity each: a pull ends well, or says
what is really wrong.

    test_moody_servers.py XYLEM
"""

import gzip
import os
import pathlib
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harness import expect, main, new_repo, run, run_ok, text_of  # noqa: E402
from moody_server import PAGE, MoodyServer, RefusingProxy  # noqa: E402

UNAUTHORIZED, CORRUPT, UNSIGNED, BAD_ARGUMENT = 4, 7, 8, 13
REF = "os/test"


def make_source(work, name="source", summary=True, files=12):
    """An archive repository of one commit."""
    source, tree = work / name, work / f"{name}-tree"
    (tree / "d").mkdir(parents=True)
    for number in range(files):
        (tree / f"d/{number}").write_bytes(os.urandom(3000))
    (tree / "large").write_bytes(os.urandom(1500000))
    run_ok("ostree", "init", "--repo", source, "--mode=archive")
    run_ok("ostree", "commit", "--repo", source, "-b", REF, f"--tree=dir={tree}")
    if summary:
        run_ok("ostree", "summary", "--repo", source, "-u")
    return source


def pull(xylem, repo, *options, env=None):
    return run(xylem, "pull", "--repo", repo, *options, "origin", REF, env=env, timeout=240)


def expect_pulled(done, repo):
    expect(done.status == 0, done.status, done.err)
    run_ok("ostree", "fsck", "-q", "--repo", repo)


def expect_told(done, status, *words, never=()):
    expect(done.status == status, done.status, done.err)
    for word in words:
        expect(word in done.err, f"not told: {word}", done.err)
    for word in never:
        expect(word not in done.err, f"told: {word}", done.err)


def half_unless_a_range_is_asked_for(xylem, work):
    source = make_source(work)

    def rule(request):
        content = request.content()
        if content is None or "Range" in request.headers:
            return False
        request.give(send=max(len(content) // 2, 1))
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
    expect_pulled(pull(xylem, repo), repo)
    bare = make_source(work, "bare", summary=False)
    repo = new_repo(xylem, work / "repo", MoodyServer(bare, rule).url)
    expect_pulled(pull(xylem, repo), repo)


def a_refused_range_is_no_word_on_the_file(xylem, work):
    source = make_source(work)
    for status in (403, 400, 404, 405, 416, 500, 501):
        moods = {"cut": True}

        def rule(request, moods=moods, status=status):
            if moods["cut"] and request.name.endswith(".filez"):
                content = request.content()
                request.give(send=len(content) * 2 // 3)
                return True
            if "Range" in request.headers:
                request.say(status)
                return True
            return False

        repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
        first = pull(xylem, repo, "--network-retries=0")
        expect(first.status != 0, "was not cut")
        moods["cut"] = False
        expect_pulled(pull(xylem, repo, "--network-retries=0"), repo)


def access_is_not_absence(xylem, work):
    source = make_source(work)

    def all_forbidden(request):
        request.say(403)
        return True

    server = MoodyServer(source, all_forbidden)
    repo = new_repo(xylem, work / "repo", server.url)
    expect_told(pull(xylem, repo), UNAUTHORIZED, "403", never=["No such branch", "spelling"])
    expect(max(map(server.count, ("summary", f"heads/{REF}"))) == 1, server.asked)
    told = run(xylem, "remote", "refs", "--repo", repo, "origin")
    expect_told(told, UNAUTHORIZED, "403")

    def objects_forbidden(request):
        if "objects/" not in request.path:
            return False
        request.say(403)
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, objects_forbidden).url)
    expect_told(pull(xylem, repo), UNAUTHORIZED, "403", never=["No such commit"])


def a_store_that_says_403_of_what_it_lacks(xylem, work):
    source = make_source(work, summary=False)

    def rule(request):
        if request.content() is not None:
            return False
        request.say(403)
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
    expect_pulled(pull(xylem, repo), repo)
    repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
    expect_pulled(pull(xylem, repo, "--depth=-1"), repo)


def a_wrong_password_is_tried_once(xylem, work):
    source = make_source(work)

    def rule(request):
        request.say(401, {"WWW-Authenticate": 'Basic realm="x"'})
        return True

    server = MoodyServer(source, rule)
    repo = new_repo(xylem, work / "repo", server.url.replace("//", "//me:wrong@"))
    expect_told(pull(xylem, repo), UNAUTHORIZED, "401", never=["wrong"])
    expect(len(server.asked) == 1, server.asked)
    repo = new_repo(xylem, work / "repo", server.url.replace("//", "//me:wrong@"))
    done = pull(xylem, repo, "--mirror")
    expect_told(done, UNAUTHORIZED, "401")
    expect(len(server.asked) == 2, server.asked)


def a_proxy_refuses_in_the_same_way_on_every_path(xylem, work):
    for url in ("http://server.example/repo", "https://server.example/repo"):
        for status in (407, 403):
            proxy = RefusingProxy(status)
            repo = new_repo(xylem, work / "repo", url)
            run_ok(xylem, "config", "--repo", repo, "set", 'remote "origin".proxy',
                   f"http://me:wrong@127.0.0.1:{proxy.port}")
            done = pull(xylem, repo)
            expect_told(done, UNAUTHORIZED, str(status), "hint:", never=["me:wrong"])
            if status == 407:
                expect(len(proxy.requests) == 1, proxy.requests)
            by_environment = RefusingProxy(status)
            repo = new_repo(xylem, work / "repo", url)
            login = f"http://me:wrong@127.0.0.1:{by_environment.port}"
            done = pull(xylem, repo, env={"http_proxy": login, "https_proxy": login})
            expect_told(done, UNAUTHORIZED, str(status), never=["me:wrong"])
            if status == 407:
                expect(len(by_environment.requests) == 1, by_environment.requests)


def a_proxy_of_no_kind(xylem, work):
    repo = new_repo(xylem, work / "repo", "http://127.0.0.1:9/repo")
    done = pull(xylem, repo, env={"http_proxy": "foo://me:secret@x"})
    expect_told(done, BAD_ARGUMENT, "proxy", never=["secret", "attempts"])
    run_ok(xylem, "config", "--repo", repo, "set", 'remote "origin".proxy', "foo://me:secret@x")
    done = pull(xylem, repo)
    expect_told(done, BAD_ARGUMENT, "foo", never=["secret", "attempts"])
    expect(done.err.count("error:") == 1, done.err)


def compressed_on_the_way(xylem, work):
    source = make_source(work)

    def really(request):
        content = request.content()
        if content is None:
            return False
        request.say(200, {"Content-Encoding": "gzip"}, gzip.compress(content))
        return True

    def only_said(request):
        request.give({"Content-Encoding": "gzip"})
        return True

    for rule in (really, only_said):
        server = MoodyServer(source, rule)
        repo = new_repo(xylem, work / "repo", server.url)
        expect_pulled(pull(xylem, repo), repo)
        expect(all(headers.get("Accept-Encoding") == "identity" for path, headers in server.asked
                   if path.startswith("/objects/")), server.asked)

    def strange(request):
        request.give({"Content-Encoding": "br"}, body=b"what is this" * 10)
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, strange).url)
    expect_told(pull(xylem, repo), CORRUPT, "Content-Encoding: br")


def a_portal_comes_up(xylem, work):
    source = make_source(work)
    for kind in (".filez", ".dirtree", ".commit", "summary"):
        left = {"pages": 10 ** 6}

        def rule(request, kind=kind, left=left):
            if request.name == "portal/login":
                request.page()
                return True
            if not request.name.endswith(kind) or left["pages"] == 0:
                return False
            left["pages"] -= 1
            request.say(302, {"Location": "/portal/login"})
            return True

        server = MoodyServer(source, rule)
        repo = new_repo(xylem, work / "repo", server.url)
        done = pull(xylem, repo, "--network-retries=1")
        expect_told(done, CORRUPT, "web page", f"{server.url}/portal/login", "hint:",
                    never=["1008813135"])
        left["pages"] = 3
        expect_pulled(pull(xylem, repo), repo)


def a_page_without_a_type(xylem, work):
    """Its bytes are checked like those of all objects; a portal costs no partial file."""
    source = make_source(work)

    def rule(request):
        if not request.name.endswith(".filez"):
            return False
        request.say(200, {"Content-Type": "text/html"}, PAGE)
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
    expect_told(pull(xylem, repo, "--network-retries=0"), CORRUPT, "web page")

    def mislabelled(request):
        request.give({"Content-Type": "text/html"})
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, mislabelled).url)
    expect_pulled(pull(xylem, repo), repo)


def blanks_in_urls(xylem, work):
    (work / "my site").mkdir()
    source = make_source(work, "my site/my repo")

    def rule(request):
        if not request.name.startswith("moved/"):
            return False
        request.say(302, {"Location": "/my repo/" + request.name.removeprefix("moved/")})
        return True

    server = MoodyServer(source.parent, rule)
    for path in ("my repo", "my%20repo", "moved"):
        repo = new_repo(xylem, work / "repo", f"{server.url}/{path}")
        expect_pulled(pull(xylem, repo), repo)


def not_modified_with_a_location(xylem, work):
    source = make_source(work)

    def rule(request):
        if request.name not in ("summary", "summary.sig"):
            return False
        if "If-None-Match" in request.headers:
            request.say(304, {"Location": request.path, "ETag": '"one"'})
        else:
            request.give({"ETag": '"one"'})
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
    expect_pulled(pull(xylem, repo), repo)
    expect_pulled(pull(xylem, repo), repo)


def make_certificate(work, name):
    run_ok("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
           f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
           "-keyout", work / f"{name}.key", "-out", work / f"{name}.crt")
    return work / f"{name}.crt", work / f"{name}.key"


def client_certificates(xylem, work):
    source = make_source(work)
    cert, key = make_certificate(work, "localhost")
    theirs, their_key = make_certificate(work, "stranger")
    for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = newest
        context.load_cert_chain(cert, key)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cert)
        server = MoodyServer(source, context=context)
        for given in ((), (theirs, their_key)):
            repo = new_repo(xylem, work / "repo", server.url)
            run_ok(xylem, "config", "--repo", repo, "set", 'remote "origin".tls-ca-path', cert)
            for name, path in zip(("cert", "key"), given):
                run_ok(xylem, "config", "--repo", repo, "set",
                       f'remote "origin".tls-client-{name}-path', path)
            done = pull(xylem, repo)
            # Over TLS 1.3 the connection may be reset before its reason is read: then asked again,
            # and on a busy machine this may happen to all tries.
            for _ in range(5 * (newest == ssl.TLSVersion.TLSv1_3 and done.status != UNAUTHORIZED)):
                done = pull(xylem, repo) if done.status != UNAUTHORIZED else done
            never = ["attempts"] if newest == ssl.TLSVersion.TLSv1_2 else []
            expect_told(done, UNAUTHORIZED, "certificate", "tls-client-cert-path", never=never)


def an_encrypted_key_asks_nobody(xylem, work):
    source = make_source(work)
    cert, key = make_certificate(work, "localhost")
    for words in (("pkcs8", "-topk8"), ("rsa", "-aes128", "-traditional")):
        run_ok("openssl", *words, "-in", key, "-out", work / "locked.key", "-passout", "pass:secret")
        repo = new_repo(xylem, work / "repo", MoodyServer(source).url.replace("http:", "https:"))
        for name, path in (("cert", cert), ("key", work / "locked.key")):
            run_ok(xylem, "config", "--repo", repo, "set",
                   f'remote "origin".tls-client-{name}-path', path)
        # On a terminal of its own: who asked there would wait for ever.
        done = run("timeout", "60", "script", "-qec",
                   f"{xylem} pull --repo {repo} origin {REF}", "/dev/null")
        expect(done.status == BAD_ARGUMENT, done)
        expect("locked.key is encrypted" in done.out and "pass phrase" not in done.out, done.out)


def gpg(work, *words, time=None):
    faked = [f"--faked-system-time={time}"] if time else []
    home = work / "gpg"
    home.mkdir(mode=0o700, exist_ok=True)
    return text_of("gpg", "--homedir", home, "--batch", "--yes", "--passphrase", "",
                   "--pinentry-mode=loopback", *faked, *words)


def a_key_of_the_future(xylem, work):
    gpg(work, "--quick-generate-key", "me@example.com", "ed25519", "sign", "0",
        time="20400101T000000")
    gpg(work, "--output", work / "key.gpg", "--export", time="20400102T000000")
    repo = new_repo(xylem, work / "repo", "http://127.0.0.1:9/")
    done = run(xylem, "remote", "gpg-import", "--repo", repo, "--keyring", work / "key.gpg", "origin")
    expect_told(done, BAD_ARGUMENT, "clock", "2040", never=["does not hold"])


def an_extended_key(xylem, work):
    gpg(work, "--quick-generate-key", "me@example.com", "ed25519", "sign", "1y")
    gpg(work, "--output", work / "key.gpg", "--export")
    repo = new_repo(xylem, work / "repo", "http://127.0.0.1:9/")
    words = (xylem, "remote", "gpg-import", "--repo", repo, "--keyring", work / "key.gpg", "origin")
    expect('Imported 1 GPG key to remote "origin"' in run_ok(*words))
    expect('Imported 0 GPG keys to remote "origin"' in run_ok(*words))
    fingerprint = gpg(work, "--with-colons", "--list-keys").split("fpr:::::::::")[1].split(":")[0]
    gpg(work, "--quick-set-expire", fingerprint, "5y")
    gpg(work, "--output", work / "key.gpg", "--export")
    done = run_ok(*words)
    expect('Updated 1 GPG key of remote "origin"' in done and "Imported 0 GPG keys" in done, done)


def an_update_under_way(xylem, work):
    gpg(work, "--quick-generate-key", "me@example.com", "ed25519", "sign", "1y")
    gpg(work, "--output", work / "key.gpg", "--export")
    source = make_source(work)
    sign = ("--gpg-sign=me@example.com", f"--gpg-homedir={work / 'gpg'}")
    run_ok("ostree", "summary", "--repo", source, "-u", *sign)
    old = (source / "summary.sig").read_bytes()
    run_ok("ostree", "commit", "--repo", source, "-b", "other", f"--tree=dir={work}/source-tree")
    run_ok("ostree", "summary", "--repo", source, "-u", *sign)
    left = {"old": 10 ** 6}

    def rule(request):
        if request.name == "summary":
            request.give({"Last-Modified": "Tue, 02 Jan 2024 00:00:00 GMT"})
            return True
        if request.name != "summary.sig" or left["old"] == 0:
            return False
        left["old"] -= 1
        request.give({"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}, body=old)
        return True

    repo = new_repo(xylem, work / "repo", MoodyServer(source, rule).url)
    run_ok(xylem, "remote", "gpg-import", "--repo", repo, "--keyring", work / "key.gpg", "origin")
    run_ok(xylem, "config", "--repo", repo, "set", 'remote "origin".gpg-verify-summary', "true")
    expect_told(pull(xylem, repo), UNSIGNED, "update of the server", "01 Jan 2024", "02 Jan 2024")
    left["old"] = 1
    expect_pulled(pull(xylem, repo), repo)


main(half_unless_a_range_is_asked_for, a_refused_range_is_no_word_on_the_file, access_is_not_absence,
     a_store_that_says_403_of_what_it_lacks, a_wrong_password_is_tried_once,
     a_proxy_refuses_in_the_same_way_on_every_path, a_proxy_of_no_kind, compressed_on_the_way,
     a_portal_comes_up, a_page_without_a_type, blanks_in_urls, not_modified_with_a_location,
     client_certificates, an_encrypted_key_asks_nobody, a_key_of_the_future, an_extended_key,
     an_update_under_way)
