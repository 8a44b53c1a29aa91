"""Any CloudFormation template with values: parameters, conditions, mappings, resources, outputs, Rules.

`Side` is a template's values and lines, `template_of` checks its shape. `Evaluator(side)` is the one place where
intrinsics are evaluated:

    evaluator.value(node)          normal form: text, lists and mappings; what only AWS knows stays a function
    evaluator.truth(node)          True, False, or the expression of an unknown condition
    evaluator.ref(name)            what Ref gives; `parameter`, `condition` and `mapping` likewise
    evaluator.side                 the template with its Fn::ForEach loops written out, and their lines

`forms` reads normal forms (`intrinsic`, `references`, `uncertain`, `hidden`, `masked`), `resources` has resources,
outputs, exports and imports, `mentions` the names that a node mentions as it is written, `rules` the assertions of
Rules, and `transforms.not_judged` what a macro or an unknown list makes, which nothing here can know.
"""
