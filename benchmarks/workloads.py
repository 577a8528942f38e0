"""The workloads: for each, how a target is prepared and which command is measured."""

import dataclasses
import subprocess
from typing import Callable

import inputs
from common import new_repo, run

PULL_MODES = ("archive", "bare-user", "bare-user-only", "bare")
ROUND_TRIP_MS = 50


@dataclasses.dataclass
class Workload:
    name: str
    prepare: Callable  # (path): makes the target there, before the clock starts
    command: Callable  # (tool, path): what is measured


class Workloads:
    """Builds workloads by name. Inputs, servers and the relay are made when first asked for."""

    def __init__(self, place):
        self.place = place

    def names(self):
        modes = [f"pull-{mode}" for mode in PULL_MODES]
        return modes + ["http2", "http2-50ms", "pull-local", "update", "nothing-new", "many-files",
                        "large-file", "fsck", "commit", "commit-archive", "checkout", "prune"]

    def make(self, name):
        if name.startswith("pull-") and name != "pull-local":
            return self.pull(name, name.removeprefix("pull-"))
        return getattr(self, name.replace("-", "_"))(name)

    def pull(self, name, mode, data=None, url=None, ca=None):
        data = data or self.place.system()
        url = url or self.place.server.url
        return Workload(
            name, lambda path: new_repo(path, mode, f"{url}/{data.name}", ca),
            lambda tool, path: [tool, "pull", "--repo", path, "origin", data.ref])

    def http2(self, name):
        server = self.place.server
        return self.pull(name, "bare-user", url=server.tls_url, ca=server.ca)

    def http2_50ms(self, name):
        port = self.place.relay(self.place.server.tls_port, ROUND_TRIP_MS)
        return self.pull(name, "bare-user", url=f"https://localhost:{port}",
                         ca=self.place.server.ca)

    def many_files(self, name):
        return self.pull(name, "bare-user", data=self.place.many_files())

    def large_file(self, name):
        return self.pull(name, "bare-user", data=self.place.large_file())

    def pull_local(self, name):
        data = self.place.system()
        return Workload(name, lambda path: new_repo(path, "bare-user"),
                        lambda tool, path: [tool, "pull-local", "--repo", path, data.repo, data.ref])

    def after(self, name, back):
        """A pull into a repository that has the commit so many before the newest."""
        data = self.place.system()
        ready = self.place.pulled(back)
        return Workload(name, lambda path: run("cp", "-al", ready, path),
                        lambda tool, path: [tool, "pull", "--repo", path, "origin", data.ref])

    def update(self, name):
        return self.after(name, 1)

    def nothing_new(self, name):
        return self.after(name, 0)

    def fsck(self, name):
        ready = self.place.pulled(0)
        return Workload(name, lambda path: run("cp", "-al", ready, path),
                        lambda tool, path: [tool, "fsck", "--quiet", "--repo", path])

    def commit(self, name, mode="bare-user"):
        tree = self.place.tree()
        return Workload(name, lambda path: new_repo(path, mode),
                        lambda tool, path: [tool, "commit", "--repo", path, "-b", inputs.REF,
                                            f"--tree=dir={tree}"])

    def commit_archive(self, name):
        return self.commit(name, "archive")

    def prune(self, name):
        """Takes away the older of two commits, which has one percent of the files for itself."""
        ready = self.place.updated()
        return Workload(name, lambda path: run("cp", "-al", ready, path),
                        lambda tool, path: [tool, "prune", "--refs-only", "--depth=0", "--repo",
                                            path])

    def checkout(self, name):
        ready = self.place.pulled(0)
        return Workload(name, lambda path: path.mkdir(),
                        lambda tool, path: [tool, "checkout", "--repo", ready, "--user-mode",
                                            "--force-copy", f"origin:{inputs.REF}", path / "tree"])


class Place:
    """Where everything is, and what runs meanwhile."""

    def __init__(self, arguments, work, server):
        self.arguments, self.work, self.server = arguments, work, server
        self.relays = []

    def system(self):
        return inputs.system(self.work, self.arguments.tree)[0]

    def tree(self):
        return inputs.system(self.work, self.arguments.tree)[1]

    def many_files(self):
        return inputs.many_files(self.work, self.arguments.files)

    def large_file(self):
        return inputs.large_file(self.work, self.arguments.large)

    def pulled(self, back):
        """A repository with one commit of the system, so many before the newest."""
        path = self.work / f"pulled-{back}"
        data = self.system()
        url = f"{self.server.url}/{data.name}"
        if path.exists():
            run("ostree", "remote", "delete", "--repo", path, "origin")
            run("ostree", "remote", "add", "--repo", path, "--no-gpg-verify", "origin", url)
            return path
        new_repo(path, "bare-user", url)
        run("ostree", "pull", "--repo", path, "origin", f"{data.ref}@{data.commit(back)}")
        return path

    def updated(self):
        """A repository with both commits of the system."""
        path = self.work / "updated"
        if not path.exists():
            run("cp", "-al", self.pulled(1), path)
            run("ostree", "pull", "--repo", path, "--depth=1", "origin", self.system().ref)
        return path

    def relay(self, port, round_trip):
        relay = subprocess.Popen([self.arguments.relay, str(port), "--round-trip", str(round_trip)],
                                 stdout=subprocess.PIPE, text=True)
        self.relays.append(relay)
        return int(relay.stdout.readline())

    def close(self):
        for relay in self.relays:
            relay.terminate()
            relay.wait()
        self.server.stop()
