"""HTTPS for phones in the same network: a certificate of our own making, for this machine's own
addresses.
"""

import socket
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from core.clock import now

LASTING = timedelta(days=90)
"""Phones refuse what is valid for more than 825 days; a demo needs far less."""


def addresses() -> list[str]:
    """This machine's addresses in its networks, the one that leads out first, then its own."""
    found = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as route:
        # an address of RFC 5737: nothing is sent, the system only says from where it would be
        route.connect(("192.0.2.1", 9))
        found.append(str(route.getsockname()[0]))
    with suppress(OSError):
        found += [
            str(info[4][0])
            for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        ]
    return [*dict.fromkeys(a for a in found if not ip_address(a).is_loopback), "127.0.0.1"]


def made(folder: Path, hosts: list[str]) -> tuple[Path, Path]:
    """The certificate and its key in `folder`, made when there is none for these addresses or it
    runs out soon.
    """
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "lan.crt", folder / "lan.key"
    if not (certificate.exists() and key.exists() and _fits(certificate, hosts)):
        _make(certificate, key, hosts)
    return certificate, key


def _fits(certificate: Path, hosts: list[str]) -> bool:
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    return set(hosts) <= known and found.not_valid_after_utc > now() + timedelta(days=1)


def _make(certificate: Path, key: Path, hosts: list[str]) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Viesis demo")])
    names: list[x509.GeneralName] = [x509.IPAddress(ip_address(host)) for host in hosts]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + LASTING)
        .add_extension(
            x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
