"""IAM policies for the commands, for the service role of CloudFormation, and for the roles that stacks make.

What a policy allows is read from the templates and the params file: which resource types there are, which names their
resources have or get, which roles they make. Nothing here calls AWS.
"""
