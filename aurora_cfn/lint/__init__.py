"""Template text -> findings: cfn-lint in process with an explicit rule set, and what it says about Aurora with ours.

`subject` is what is linted, `engine.lint` lints it, `suppressions` takes waived findings away, `stored` keeps results.
`world` reads a template as CloudFormation will: parameters, conditions and intrinsics resolved as far as they are
known. `rule` is what the rules in `rules/`, one a file, are made of; plain cfn-lint loads that folder too:
`cfn-lint --append-rules "$(aurora-cfn lint --rules-folder)" template.yaml`.
"""
