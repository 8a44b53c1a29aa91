"""Our errors on the template fixtures of cfn-lint's source distribution, each with a verdict; run outside of CI."""
