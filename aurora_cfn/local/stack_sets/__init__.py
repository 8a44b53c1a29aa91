"""StackSets: ministack 1.5.33 has none. Stack instances are stacks of its own CloudFormation, in other accounts.

An account exists as soon as it is named, so roles of StackSets and AWS Organizations are not looked at: a whole
organizational unit has no accounts here. Drift, import and the gate function of an account are left out.

    records     the StackSets, their instances and operations, kept with the state of CloudFormation
    actions     the calls, as CloudFormation answers them
    progress    an operation goes through regions and accounts, and creates, updates or deletes their stacks
"""
