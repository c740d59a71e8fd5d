"""The ten checksums of S3, as header values."""

import base64
import hashlib
import zlib

import xxhash


def _reflected_crc(polynomial, width):
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    mask = (1 << width) - 1

    def digest(data):
        value = mask
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ value >> 8
        return (value ^ mask).to_bytes(width // 8, "big")

    return digest


ALGORITHMS = {
    "CRC32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "CRC32C": _reflected_crc(0x82F63B78, 32),
    "CRC64NVME": _reflected_crc(0x9A6C9329AC4BC9B5, 64),
    "SHA1": lambda data: hashlib.sha1(data).digest(),
    "SHA256": lambda data: hashlib.sha256(data).digest(),
    "SHA512": lambda data: hashlib.sha512(data).digest(),
    "MD5": lambda data: hashlib.md5(data).digest(),
    "XXHASH64": lambda data: xxhash.xxh64(data).digest(),
    "XXHASH3": lambda data: xxhash.xxh3_64(data).digest(),
    "XXHASH128": lambda data: xxhash.xxh3_128(data).digest(),
}

assert ALGORITHMS["CRC32C"](b"123456789").hex() == "e3069283"
assert ALGORITHMS["CRC64NVME"](b"123456789").hex() == "ae8b14860a799888"


def checksum(algorithm, data):
    """The base64 of the digest."""
    return base64.b64encode(ALGORITHMS[algorithm](data)).decode()


def header(algorithm):
    return f"x-amz-checksum-{algorithm.lower()}"


def content_md5(data):
    return checksum("MD5", data)
