"""Template text -> findings: cfn-lint in process with an explicit rule set, and what it says about Aurora with ours.

`subject` is what is linted, `engine.lint` lints it, `suppressions` takes waived findings away, `stored` writes and
reads results that are kept.
`world` gives rules the values of a template with the paths at which they are written; `aurora_cfn.template` evaluates
them. `rule` is what the rules in `rules/`, one a file, are made of; plain cfn-lint loads that folder too:
`cfn-lint --append-rules "$(aurora-cfn lint --rules-folder)" template.yaml`.
"""
