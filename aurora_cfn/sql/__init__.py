"""SQL against a deployed stack: find its database, split a script, wake a paused cluster, run, prove.

`finding` turns a stack's outputs into a Database, `splitting` a script into statements, `parameters` what was typed
into typed values, `waking` wraps the Data API so that a pause is waited out, `run` puts them together.
"""

from aurora_cfn.sql.find_database import chosen_database, data_api_database
from aurora_cfn.sql.run import Proof, ResumingDataApi, prove

__all__ = ["Proof", "ResumingDataApi", "chosen_database", "data_api_database", "prove"]
