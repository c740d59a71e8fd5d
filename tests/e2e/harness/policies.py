"""Bucket policies."""

import json


def arn(resource):
    return f"arn:aws:s3:::{resource}"


def principal_of(*callers):
    """Exactly these callers; an account's root ARN stands for the account."""
    arns = [caller.arn for caller in callers]
    return {"AWS": arns[0] if len(arns) == 1 else arns}


def statement(effect, principal, action, *resources, **members):
    resources = [arn(resource) for resource in resources]
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": action,
        "Resource": resources[0] if len(resources) == 1 else resources,
        **members,
    }


def allow(principal, action, *resources, **members):
    return statement("Allow", principal, action, *resources, **members)


def deny(principal, action, *resources, **members):
    return statement("Deny", principal, action, *resources, **members)


def policy(*statements, **members):
    return json.dumps({"Version": "2012-10-17", **members, "Statement": list(statements)})
