"""Callers with temporary credentials."""

from .callers import Caller
from .policies import allow, policy


def granting(action, *resources):
    """A policy without principals, as identities and sessions have."""
    statement = allow("*", action, *resources)
    del statement["Principal"]
    return policy(statement)


def in_session(answer, account, arn):
    """The caller whose credentials an answer of STS holds."""
    credentials = answer["Credentials"]
    return Caller(
        account=account,
        access_key=credentials["AccessKeyId"],
        secret_key=credentials["SecretAccessKey"],
        session_token=credentials["SessionToken"],
        session_arn=arn,
    )


def own_session(server, caller, **parameters):
    """A session of the caller itself."""
    answer = server.client(caller, "sts").get_session_token(**parameters)
    return in_session(answer, caller.account, caller.arn)


def federated(server, caller, name, **parameters):
    """A federated user of the caller's."""
    answer = server.client(caller, "sts").get_federation_token(Name=name, **parameters)
    return in_session(answer, caller.account, answer["FederatedUser"]["Arn"])
