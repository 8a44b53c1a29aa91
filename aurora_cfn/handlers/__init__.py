"""Code of the Lambda functions; only the standard library, boto3 and the packaged driver are available there.

The modules import each other relatively, because this folder is at the top of the zip. Settings are environment
variables: DB_ENDPOINT (host or host:port), DB_NAME and DB_USER. TLS certificates are always verified, with the
authorities that the system trusts, among them Amazon's, which sign RDS Proxy and Aurora DSQL (user guides of both, read
2026-11). For another authority set OpenSSL's variable SSL_CERT_FILE; no setting turns verification off.
"""
