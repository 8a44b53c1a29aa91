"""Rules about Aurora for cfn-lint, one a file; `cfn-lint --append-rules` takes this folder too."""
