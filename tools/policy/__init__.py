"""What is deployed against published rules of safety: checkov, in an environment of its own, and what we answer it.

Its own pins of boto3 and pydantic are other than the gateway's, so it is not among the development packages.
"""
