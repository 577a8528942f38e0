#!/usr/bin/env python3
"""Every kind of static delta that the real `ostree` makes, pulled into repositories of every mode.

    test_delta_matrix.py XYLEM
"""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from delta_site import delta_site  # noqa: E402
from harness import expect, main  # noqa: E402

MODES = ["archive", "bare-user", "bare-user-only"] + (["bare"] if os.geteuid() == 0 else [])
KINDS = [[], ["--inline"], ["--disable-bsdiff"], ["--swap-endianness"], ["--empty"],
         ["--max-chunk-size=0"], ["--empty", "--inline"]]


def every_kind_into_every_mode(xylem, work):
    """The server has nothing but the delta, so that nothing can come otherwise."""
    for kind in KINDS:
        directory = work / "-".join(["kind", *kind])
        directory.mkdir()
        with delta_site(xylem, directory) as site:
            site.generate(*kind)
            clients = {mode: site.client(site.server.url, mode, "--empty" not in kind, mode)
                       for mode in MODES}
            site.drop_loose()
            for mode, repo in clients.items():
                done = site.pull(repo, "--require-static-deltas")
                expect(done.status == 0, done.out, done.err, kind, mode)
                site.expect_second(repo)
                expect("delta parts" in done.out, kind, mode, done.out)


main(every_kind_into_every_mode)
