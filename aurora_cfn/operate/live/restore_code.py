"""Put the code of a session's functions back, and delete what the session made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.live_session import CodePlace, LiveSession
from aurora_cfn.operate.live.session_tags import schedule_name
from aurora_cfn.ports.live import FunctionCode, RelayQueues, SessionEnds

_ATTEMPTS = 3
"""A function that a deployment changes at the same moment is looked at again."""


@dataclass(frozen=True, slots=True)
class Restore:
    """What puts code back; `places` are the zips of the stacks by the function's name."""

    queues: RelayQueues
    code: FunctionCode
    ends: SessionEnds
    places: Mapping[str, CodePlace]
    say: Callable[[str], None]

    def session(self, session: LiveSession) -> bool:
        """End the session; False if a function still runs its stub, whose schedule and queues are left then."""
        left = [name for name, stub in session.functions.items() if not self.function(name, stub)]
        if left:
            return False
        for name in session.functions:
            self.ends.remove_session_end(schedule_name(session.name, name))
        self.queues.close_queues(session.name)
        return True

    def function(self, name: str, stub: str) -> bool:
        """Put the code of a function back if it runs the stub of this digest; False if that failed."""
        for attempt in range(_ATTEMPTS):
            state = self.code.function_state(name)
            if state is None or state.sha256 != stub:
                self.say(
                    f"{name}: its code was replaced since, and stays" if state else f"{name} does not exist any more"
                )
                return True
            place = self.places.get(name)
            if place is None:
                self.say(f"{name}: no stack of the environment says which code it should run: deploy it again")
                return False
            try:
                self.code.put_code_back(name, place, state.revision)
            except BusyError as error:
                if attempt == _ATTEMPTS - 1:
                    self.say(str(error))
            except AwsError as error:
                self.say(f"{name}: its code could not be put back from s3://{place.bucket}/{place.key}: {error}")
                return False
            else:
                self.say(f"{name} runs the deployed code again")
                return True
        return False
