"""That cfn-lint made faster finds what cfn-lint as it is finds."""
