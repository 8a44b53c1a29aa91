"""Code of the Lambda functions. It runs in Lambda: only the standard library, boto3 and the packaged driver are there.

The modules import each other relatively, because in the zip their folder stands alone at the top. Settings come from
the function's environment: DB_ENDPOINT (host or host:port), DB_NAME and DB_USER. TLS is always verified, against the
authorities that the system trusts: those of Amazon sign RDS Proxy and Aurora DSQL (user guides of both, 2026-11). A
database with another authority needs OpenSSL's own variable SSL_CERT_FILE; no setting turns verification off.
"""
