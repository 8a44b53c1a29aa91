"""What can be known to go wrong before anything is sent: read-only questions, one check a module, one report.

Each check asks AWS for facts and then judges them without asking; a question that AWS does not answer becomes a
finding too, and the other checks go on.
"""

from aurora_cfn.deploy.preflight.check import Look
from aurora_cfn.deploy.preflight.run import preflight
from aurora_cfn.deploy.preflight.subject import Subject, Whole, subject

__all__ = ["Look", "Subject", "Whole", "preflight", "subject"]
