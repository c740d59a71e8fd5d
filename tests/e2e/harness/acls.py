"""ACLs: grants as tuples, and buckets in which they count."""

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
# Whose what was written without a signature is.
ANONYMOUS_ID = "65a011a29cdf8ec533ec3d1ccaae921c"
# Whom `aws-exec-read` lets read.
EC2_ID = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"


def canonical_id(client):
    """The canonical user id of a client's account."""
    return client.list_buckets()["Owner"]["ID"]


def set_ownership(client, bucket, ownership):
    controls = {"Rules": [{"ObjectOwnership": ownership}]}
    return client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)


def grants(acl):
    """The grants of an answer as `(grantee, permission)`, in order; its owner is first."""
    found = [acl["Owner"]["ID"]]
    for grant in acl["Grants"]:
        grantee = grant["Grantee"]
        kind = "ID" if grantee["Type"] == "CanonicalUser" else "URI"
        assert set(grantee) == {"Type", kind}, grantee
        found.append((grantee[kind], grant["Permission"]))
    return found


def document(owner, *pairs):
    """An `AccessControlPolicy` of `(grantee, permission)`."""

    def grantee(text):
        if text.startswith("http"):
            return {"Type": "Group", "URI": text}
        if "@" in text:
            return {"Type": "AmazonCustomerByEmail", "EmailAddress": text}
        return {"Type": "CanonicalUser", "ID": text}

    made = [{"Grantee": grantee(text), "Permission": permission} for text, permission in pairs]
    return {"Owner": {"ID": owner}, "Grants": made}
