"""Any CloudFormation template with values: parameters, conditions, mappings, resources, outputs, Rules."""
