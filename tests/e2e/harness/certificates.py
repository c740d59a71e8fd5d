"""Certificates for servers of the tests: an authority of their own, and what it vouches for."""

import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """A root with one intermediate authority, which makes the certificates of servers."""

    def __init__(self, name):
        self._root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate(name, self._root_key, name, self._root_key, is_authority=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.intermediate = self._certificate(f"{name} 2", self._key, name, self._root_key, is_authority=True)
        self._name = f"{name} 2"

    @staticmethod
    def _certificate(subject, key, issuer, issuer_key, is_authority=False, hosts=(), ends_in=DAY):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + ends_in)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if hosts:
            names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def serve(self, file, host="localhost", ends_in=DAY):
        """Writes key and chain of a server into a file, as servers load them, and returns it."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(host, key, self._name, self._key, hosts=[host], ends_in=ends_in)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + _pem(certificate) + _pem(self.intermediate))
        return file

    def write(self, file):
        """Writes the root into a file, and returns it."""
        file.write_bytes(_pem(self.root))
        return file

    @property
    def thumbprint(self):
        """Of the top of the chain that its servers show."""
        return hashlib.sha1(self.intermediate.public_bytes(serialization.Encoding.DER)).hexdigest()


def self_signed(file, host="localhost"):
    """Writes key and certificate of a server that vouches for itself, and returns its thumbprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = Authority._certificate(host, key, host, key, hosts=[host])
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + _pem(certificate))
    return hashlib.sha1(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
