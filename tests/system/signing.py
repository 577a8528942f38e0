"""Keys and signed repositories for the system tests: GPG by the real gpg, the others by openssl."""

import base64
import os
import pathlib
import shutil

from harness import run, run_ok, text_of

KEY_ENGINES = ("ed25519", "spki")


class Gpg:
    """A home directory of gpg with a key for each thing that can be wrong."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.home.mkdir(mode=0o700)
        self.keys = {}
        for name, expiry, when in (("good", "never", "20200101"), ("stranger", "never", None),
                                   ("expired", "1y", "20200101"), ("revoked", "never", None)):
            self.keys[name] = self.make_key(name, expiry, when)

    def gpg(self, *words, when=None):
        time = [f"--faked-system-time={when}T000000!"] if when else []
        return text_of("gpg", "--homedir", self.home, "--batch", "--quiet", "--no-tty",
                       "--passphrase", "", "--pinentry-mode", "loopback", *time, *words)

    def make_key(self, name, expiry, when):
        user = f"{name} <{name}@example.org>"
        self.gpg("--quick-gen-key", user, "ed25519", "sign", expiry, when=when)
        listing = self.gpg("--with-colons", "--list-keys", user)
        return next(line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr"))

    def pretend(self, *lines):
        """What gpg.conf says from now on, for those who sign by GPGME."""
        (self.home / "gpg.conf").write_text("".join(f"{line}\n" for line in lines))

    def revoke(self, name):
        made = self.home / f"openpgp-revocs.d/{self.keys[name]}.rev"
        certificate = self.home / "revocation"
        certificate.write_text(made.read_text().replace(":-----BEGIN", "-----BEGIN"))
        self.gpg("--import", certificate)

    def export(self, path, *names):
        """A keyring with these public keys."""
        pathlib.Path(path).unlink(missing_ok=True)
        self.gpg("--output", path, "--export", *(self.keys[name] for name in names))
        return path

    def close(self):
        run("gpgconf", "--homedir", self.home, "--kill", "all")


def der(path, *words):
    """Runs openssl, which writes DER to `path`."""
    run_ok("openssl", *words, "-outform", "DER", "-out", path)
    return pathlib.Path(path).read_bytes()


def make_key(engine, directory, name):
    """A pair of base64 keys as the engine wants them: (secret, public)."""
    pem = pathlib.Path(directory) / f"{engine}-{name}.pem"
    run_ok("openssl", "genpkey", "-algorithm", "ed25519", "-out", pem)
    secret = der(pem.with_suffix(".sk"), "pkey", "-in", pem)
    public = der(pem.with_suffix(".pk"), "pkey", "-in", pem, "-pubout")
    if engine == "ed25519":  # the raw 32 bytes are the last ones of either
        secret, public = secret[-32:] + public[-32:], public[-32:]
    return tuple(base64.b64encode(key).decode() for key in (secret, public))


def write_public_key(engine, path, public):
    """A file of public keys, as `trusted.<engine>` has them."""
    text = public + "\n"
    if engine == "spki":
        text = f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def object_path(repo, commit, extension):
    return pathlib.Path(repo) / "objects" / commit[:2] / f"{commit[2:]}.{extension}"


def copy_repo(source, target):
    shutil.copytree(source, target, symlinks=True, copy_function=os.link)
    # What a test changes must not be shared.
    for path in [*target.rglob("*.commitmeta"), *target.glob("summary*"), target / "config"]:
        if path.exists():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
    return target
