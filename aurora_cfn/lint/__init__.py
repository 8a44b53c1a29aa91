"""Template text -> findings: cfn-lint in this process with its own rules, and ours about Aurora, RDS and DSQL.

`subject` is what is linted, `engine.lint` lints it, `suppressions` removes waived findings, `stored` writes and reads
results that are kept.
`variant` gives rules the values of a template with the paths at which they are written; `aurora_cfn.template` evaluates
them. `rule` is what the rules in `rules/` are made of: one module a subject, and those about properties only in a
table. Plain cfn-lint loads that folder too:
`cfn-lint --append-rules "$(aurora-cfn lint --rules-folder)" template.yaml`.
"""
