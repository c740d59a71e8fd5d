"""A server on each database, its callers, and fresh buckets."""

import itertools

import pytest
from harness.callers import (
    ANONYMOUS,
    OWNER_ADMIN,
    OWNER_DENIED,
    OWNER_READER,
    OWNER_ROOT,
    OWNER_USER,
    STRANGER_ADMIN,
    STRANGER_ROOT,
    STRANGER_USER,
    seed,
)
from harness.postgres import Postgres
from harness.server import Server

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres():
    """A Postgres cluster of this run's own."""
    with Postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def backend(request):
    """Makes the arguments that put a new server's rows on this database."""
    if request.param == "sqlite":
        return lambda: []
    cluster = request.getfixturevalue("postgres")
    return lambda: ["--database", cluster.new_database()]


@pytest.fixture(scope="session")
def server(backend, tmp_path_factory):
    """A seeded server that many tests share; each works in buckets of its own."""
    folder = tmp_path_factory.mktemp("server")
    with seeded_server(folder, *backend()) as running:
        yield running


@pytest.fixture
def own_server(backend, tmp_path):
    """A seeded server that one test may stop or kill; not yet started."""
    with not_started(seeded_server(tmp_path, *backend())) as prepared:
        yield prepared


def seeded_server(folder, *arguments, env=None, data="data"):
    (folder / "seed.toml").write_text(seed())
    return Server(folder, "--data", data, "--accounts", "seed.toml", *arguments, env=env)


class not_started:
    """Hands a server over as it is, and ends it at last."""

    def __init__(self, prepared):
        self._prepared = prepared

    def __enter__(self):
        return self._prepared

    def __exit__(self, *_):
        if self._prepared.process:
            self._prepared.__exit__()


@pytest.fixture
def new_bucket(server):
    """Makes buckets of the owner; `closed` keeps Block Public Access on."""

    def make(closed=False):
        name = f"bucket-{next(_numbers)}"
        owner = server.client(OWNER_ROOT)
        owner.create_bucket(Bucket=name)
        if not closed:
            owner.delete_public_access_block(Bucket=name)
        return name

    return make


@pytest.fixture
def bucket(new_bucket):
    """An empty bucket of the owner, without Block Public Access."""
    return new_bucket()


@pytest.fixture
def closed_bucket(new_bucket):
    """An empty bucket of the owner as it is made: Block Public Access on."""
    return new_bucket(closed=True)


def _caller_fixture(name, caller):
    @pytest.fixture(name=name)
    def fixture(server):
        return server.client(caller)

    fixture.__doc__ = f"A client of {caller!r}."
    return fixture


owner_root = _caller_fixture("owner_root", OWNER_ROOT)
owner_admin = _caller_fixture("owner_admin", OWNER_ADMIN)
owner_user = _caller_fixture("owner_user", OWNER_USER)
owner_denied = _caller_fixture("owner_denied", OWNER_DENIED)
owner_reader = _caller_fixture("owner_reader", OWNER_READER)
stranger_root = _caller_fixture("stranger_root", STRANGER_ROOT)
stranger_admin = _caller_fixture("stranger_admin", STRANGER_ADMIN)
stranger_user = _caller_fixture("stranger_user", STRANGER_USER)
anonymous = _caller_fixture("anonymous", ANONYMOUS)
