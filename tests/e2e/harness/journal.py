"""What a thing may hold, whatever happens to the server that keeps it."""

from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError


class Gone(Exception):
    """The server went away during a request: nobody knows whether it was carried out."""


class Unsure(Exception):
    """The server could not say whether the request was carried out: 500 or 503."""


def ask(call, **parameters):
    """Makes a call. Raises `Gone` or `Unsure` where its outcome is not known."""
    try:
        return call(**parameters)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503):
            raise Unsure from error
        raise
    except BotoCoreError as error:
        raise Gone from error


class Register:
    """The values that a thing may have: one when the last change was acknowledged, more with an answer outstanding."""

    def __init__(self, value=None):
        self.possible = {value}

    @contextmanager
    def becoming(self, value):
        """Around the change. Where that raises, both outcomes stay possible."""
        self.possible = self.possible | {value}
        yield
        self.possible = {value}

    @property
    def certain(self):
        """The value if there is but one, or None."""
        return next(iter(self.possible)) if len(self.possible) == 1 else None

    def settle(self, value, *where):
        """What was found must be possible; from then on it is certain."""
        assert value in self.possible, (*where, value, self.possible)
        self.possible = {value}
